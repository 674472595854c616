using System.Collections.Immutable;
using CsCheck;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Rounds;

/// <summary>Random sequences of events, stale and foreign ones among them.</summary>
public sealed class RoundMachinePropertyTests
{
    private static readonly string[] Hospitals = ["a", "b", "c", "d"];

    private static readonly ResolvedRoundOptions Options = RoundScript.Options with { GoalCount = 3, MinimumReports = 2, Invitations = 4 };

    // A step is a kind, a hospital, how far the attempt and epoch named are from the current ones, and the time that passes before.
    private static readonly Gen<(int Kind, int Hospital, int Off, int Seconds)[]> Steps =
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 4], Gen.Int[-12, 12], Gen.Int[0, 240]).Array[0, 120];

    [Fact]
    public void Every_sequence_keeps_the_invariants() => Steps.Sample(
        steps =>
        {
            var script = RoundScript.Begun(Options, Hospitals);
            foreach (var step in steps)
            {
                var before = script.State;
                var occurred = EventOf(step, script);
                script.Wait(TimeSpan.FromSeconds(step.Seconds));
                script.Apply(occurred);
                RoundInvariants.Check(before, occurred, script.Last);
            }
        },
        iter: 4_000);

    [Fact]
    public void The_same_sequence_gives_the_same_state() => Steps.Sample(
        steps =>
        {
            var first = RoundScript.Begun(Options, Hospitals);
            var second = RoundScript.Begun(Options, Hospitals);
            foreach (var step in steps)
            {
                var occurred = EventOf(step, first);
                first.Wait(TimeSpan.FromSeconds(step.Seconds));
                second.Wait(TimeSpan.FromSeconds(step.Seconds));
                Assert.Equal(first.Apply(occurred), second.Apply(occurred));
                Assert.True(RoundInvariants.Same(first.State, second.State));
                Assert.Equal(first.Last.Effects, second.Last.Effects, RoundInvariants.Same);
            }
        },
        iter: 1_000);

    [Fact]
    public void Time_alone_ends_every_attempt_but_for_the_runs_decision() => Steps.Sample(
        steps =>
        {
            var script = RoundScript.Begun(Options, Hospitals);
            foreach (var step in steps)
            {
                script.Wait(TimeSpan.FromSeconds(step.Seconds));
                script.Apply(EventOf(step, script));
            }

            script.Wait(TimeSpan.FromDays(1)).Due();
            script.Wait(TimeSpan.FromDays(1)).Due();
            script.Wait(TimeSpan.FromDays(1)).Due();
            Assert.True(script.State.Phase >= RoundPhase.Committing, $"{script.State.Phase}");
        },
        iter: 1_500);

    [Fact]
    public void The_random_sequences_reach_every_phase()
    {
        var reached = new HashSet<RoundPhase>();
        Steps.Sample(
            steps =>
            {
                var script = RoundScript.Begun(Options, Hospitals);
                foreach (var step in steps)
                {
                    script.Apply(EventOf(step, script));
                    lock (reached)
                    {
                        reached.Add(script.State.Phase);
                    }
                }
            },

            // One sequence in 260 commits: of 1,500 none does once in 300 times.
            iter: 15_000);

        Assert.Superset(Enum.GetValues<RoundPhase>().Except([RoundPhase.None]).ToHashSet(), reached);
    }

    private static RoundEvent EventOf((int Kind, int Hospital, int Off, int Seconds) step, RoundScript script)
    {
        var state = script.State;
        var hospital = step.Hospital < Hospitals.Length ? Hospitals[step.Hospital] : "z";

        // Mostly current, sometimes one off.
        var off = step.Off switch { -12 => -1, 12 => 1, _ => 0 };
        var attempt = state.Attempt + off;
        var epoch = state.Epoch + (step.Off switch { -11 => -1, 11 => 1, _ => 0 });
        var content = step.Off == 10 ? 2 : 1;
        return step.Kind switch
        {
            <= 6 => new RoundEvent.Accepted(hospital, attempt),
            7 => new RoundEvent.Declined(hospital, attempt, "busy"),
            8 => new RoundEvent.Progress(hospital, attempt),
            <= 15 => new RoundEvent.UpdateAccepted(attempt, epoch, RoundScript.Update(hospital, content)),
            16 => new RoundEvent.UpdateRefused(hospital, attempt, "not finite"),
            17 => new RoundEvent.HospitalLost(hospital),
            18 => new RoundEvent.HospitalBack(hospital),
            19 => new RoundEvent.PhaseDeadline(),
            20 => new RoundEvent.AggregatorOpened(epoch, state.EpochNonce, RoundScript.Nonce(step.Off)),
            21 => new RoundEvent.AggregatorLost(epoch),
            22 or 23 => new RoundEvent.AggregateReady(epoch, Folded(state, step.Off), ContentDigest.Of([9])),
            24 => new RoundEvent.CloseRequested(attempt),
            25 => new RoundEvent.CancelRequested(attempt, "by the operator"),
            26 => new RoundEvent.Decided(attempt, state.Phase == RoundPhase.Committing),
            27 => new RoundEvent.Alive(),
            28 => new RoundEvent.Woken(),
            29 => new RoundEvent.ClockSet(TimeSpan.FromSeconds(step.Seconds - 120)),
            _ => new RoundEvent.Begin(
                "run-1", 1, attempt, Options, ContentDigest.Of([1]), ContentDigest.Of([2]), [.. Hospitals.Reverse()]),
        };
    }

    private static ImmutableArray<Updates.ParticipantUpdate> Folded(RoundState state, int off) =>
        state.Frozen is not { } frozen ? [] : off > 6 ? frozen[1..] : frozen;
}
