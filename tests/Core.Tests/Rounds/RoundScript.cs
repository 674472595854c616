using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>Drives one round event by event, with a clock that moves only when it is told to.</summary>
internal sealed class RoundScript
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public static readonly ResolvedRoundOptions Options = new()
    {
        GoalCount = 3,
        MinimumReports = 2,
        Invitations = 3,
        SelectionWindow = TimeSpan.FromMinutes(2),
        ReportingDeadline = TimeSpan.FromMinutes(30),
        ProgressCap = TimeSpan.FromMinutes(60),
        Attempts = 3,
        LeaseTime = TimeSpan.FromSeconds(90),
        ClosingDeadline = TimeSpan.FromMinutes(3),
    };

    private int _nonces;

    public RoundState State { get; private set; } = RoundState.NotBegun;

    public DateTimeOffset Now { get; private set; } = Start;

    public RoundTransition Last { get; private set; }

    public static Guid Nonce(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    public static ParticipantUpdate Update(string hospital, int content = 1, long examples = 10) =>
        new(hospital, ContentDigest.Of([(byte)hospital[0], (byte)content]), examples);

    /// <summary>A round with attempt 1 begun: hospitals a, b and c unless others are named.</summary>
    public static RoundScript Begun(ResolvedRoundOptions? options = null, params string[] hospitals)
    {
        var script = new RoundScript();
        script.Begin(1, options, hospitals);
        return script;
    }

    /// <summary>A round in which all invited hospitals have accepted, with the epoch open.</summary>
    public static RoundScript InTraining(ResolvedRoundOptions? options = null, params string[] hospitals)
    {
        var script = Begun(options, hospitals);
        foreach (var participant in script.State.Participants)
        {
            script.Accept(participant.Hospital);
        }

        Assert.Equal(RoundPhase.Training, script.State.Phase);
        script.Open();
        return script;
    }

    /// <summary>A round whose three updates are in and frozen.</summary>
    public static RoundScript InClosing()
    {
        var script = InTraining();
        script.Report("a");
        script.Report("b");
        script.Report("c");
        Assert.Equal(RoundPhase.Closing, script.State.Phase);
        return script;
    }

    /// <summary>A round whose aggregate is stored.</summary>
    public static RoundScript InCommitting()
    {
        var script = InClosing();
        Assert.Equal(RoundVerdict.Applied, script.Ready());
        return script;
    }

    /// <summary>A round in the phase asked for, reached by the shortest way.</summary>
    public static RoundScript In(RoundPhase phase)
    {
        var script = phase switch
        {
            RoundPhase.None => new RoundScript(),
            RoundPhase.Selecting => Begun(),
            RoundPhase.Training => InTraining(),
            RoundPhase.Closing => InClosing(),
            _ => InCommitting(),
        };
        if (phase is RoundPhase.Abandoning or RoundPhase.Abandoned)
        {
            script.Apply(new RoundEvent.CancelRequested(1, "by the operator"));
        }

        if (phase is RoundPhase.Committed or RoundPhase.Abandoned)
        {
            script.Apply(new RoundEvent.Decided(1, phase == RoundPhase.Committed));
        }

        Assert.Equal(phase, script.State.Phase);
        return script;
    }

    public RoundScript Wait(TimeSpan time)
    {
        Now += time;
        return this;
    }

    public RoundVerdict Apply(RoundEvent occurred)
    {
        Last = RoundMachine.Apply(State, occurred, Now, Nonce(++_nonces));
        State = Last.State;
        return Last.Verdict;
    }

    public RoundVerdict Begin(int attempt, ResolvedRoundOptions? options = null, params string[] hospitals) =>
        Apply(new RoundEvent.Begin(
            "run-1", 1, attempt, options ?? Options, ContentDigest.Of([1]), ContentDigest.Of([2]),
            hospitals.Length == 0 ? ["c", "a", "b"] : [.. hospitals]));

    public RoundVerdict Accept(string hospital) => Apply(new RoundEvent.Accepted(hospital, State.Attempt));

    public RoundVerdict Decline(string hospital, string reason = "outside opening hours") =>
        Apply(new RoundEvent.Declined(hospital, State.Attempt, reason));

    public RoundVerdict Open(int incarnation = 1) =>
        Apply(new RoundEvent.AggregatorOpened(State.Epoch, State.EpochNonce, Nonce(1000 + incarnation)));

    public RoundVerdict Report(string hospital, int content = 1, long examples = 10) =>
        Apply(new RoundEvent.UpdateAccepted(State.Attempt, State.Epoch, Update(hospital, content, examples)));

    public RoundVerdict Progress(string hospital) => Apply(new RoundEvent.Progress(hospital, State.Attempt));

    public RoundVerdict Lose(string hospital) => Apply(new RoundEvent.HospitalLost(hospital));

    public RoundVerdict Return(string hospital) => Apply(new RoundEvent.HospitalBack(hospital));

    public RoundVerdict LoseAggregator() => Apply(new RoundEvent.AggregatorLost(State.Epoch));

    public RoundVerdict Due() => Apply(new RoundEvent.PhaseDeadline());

    public RoundVerdict Ready(ImmutableArray<ParticipantUpdate>? updates = null) =>
        Apply(new RoundEvent.AggregateReady(State.Epoch, updates ?? State.Frozen!.Value, ContentDigest.Of([9])));
}
