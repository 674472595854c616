using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>What people are told of a round that waits.</summary>
public sealed class RoundExplainerTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);

    private static readonly ResolvedRoundOptions Options = new()
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

    [Fact]
    public void Selection_tells_who_is_still_to_answer_and_who_is_away()
    {
        var state = After(new RoundEvent.Accepted("basel", 1), new RoundEvent.HospitalLost("chur"));

        var told = Explain(state, lastSeen: ("chur", Start));

        Assert.Equal(
            "round 7 waits for answers to its invitation: 1 of 3 hospitals have accepted, at least 2 must; still to answer: aarau; "
            + "not heard of for longer than the lease: chur; the time for it ends at 2026-03-01 20:02:00Z",
            told.Why);
        Assert.Equal("it would be refused: 1 of at least 2 hospitals have accepted", told.IfClosedNow);
        Assert.Equal(
            [
                "has not answered its invitation", "has accepted and not yet said what it does",
                "not heard of for longer than its lease, last heard of at 2026-03-01 20:00:00Z",
            ],
            told.Hospitals.Select(hospital => hospital.Doing));
    }

    [Fact]
    public void Selection_with_the_minimum_could_be_closed() => Assert.Equal(
        "training would begin with 2 hospitals, without aarau",
        Explain(After(new RoundEvent.Accepted("basel", 1), new RoundEvent.Accepted("chur", 1))).IfClosedNow);

    [Fact]
    public void Training_tells_what_each_hospital_does_and_when_it_will_be_done()
    {
        var state = Training();
        state = Apply(state, new RoundEvent.UpdateAccepted(1, state.Epoch, Update("basel")));
        var paces = ImmutableDictionary<string, HospitalPace>.Empty
            .Add("aarau", Pace(new() { Kind = ActivityKind.Training, StepsDone = 10, StepsTotal = 100 }, new() { Kind = ActivityKind.Training, StepsDone = 40, StepsTotal = 100 }))
            .Add("chur", Pace(new() { Kind = ActivityKind.Uploading, BytesTotal = 400_000_000 }, new() { Kind = ActivityKind.Uploading, BytesDone = 100_000_000, BytesTotal = 400_000_000 }));

        var told = Explain(state, paces);

        Assert.Equal(
            "round 7 waits for updates: 1 are in, at least 2 must be; still at work: aarau, chur; it closes at 2026-03-01 20:30:00Z at the latest",
            told.Why);
        Assert.Equal(
            [
                "trains: 40 of 100 steps, about 2 min left, done at about 2026-03-01 20:03:00Z",
                "its update is in",
                "uploads 100.0 of 400.0 MB, about 3 min left, done at about 2026-03-01 20:04:00Z",
            ],
            told.Hospitals.Select(hospital => hospital.Doing));
        Assert.Equal("it would be refused: 1 of at least 2 updates are in", told.IfClosedNow);
    }

    [Fact]
    public void Training_with_the_minimum_could_be_closed()
    {
        var state = Training();
        state = Apply(state, new RoundEvent.UpdateAccepted(1, state.Epoch, Update("basel")));
        state = Apply(state, new RoundEvent.UpdateAccepted(1, state.Epoch, Update("chur")));

        Assert.Equal("the model would be made from 2 updates, without aarau", Explain(state).IfClosedNow);
    }

    [Theory]
    [InlineData(8, "")]
    [InlineData(9, " and 1 other")]
    [InlineData(1_000, " and 992 others")]
    public void A_sentence_names_eight_hospitals_and_counts_the_others(int hospitals, string others)
    {
        var state = Apply(RoundState.NotBegun, Begin([.. Enumerable.Range(0, hospitals).Select(index => $"site-{index:0000}")]));

        Assert.Contains($"still to answer: site-0000, site-0001, site-0002, site-0003, site-0004, site-0005, site-0006, site-0007{others};", Explain(state).Why);
        Assert.Equal(hospitals, Explain(state).Hospitals.Length);
    }

    [Fact]
    public void A_lost_aggregator_is_why_updates_are_asked_for_again()
    {
        var state = Training();
        foreach (var hospital in new[] { "aarau", "basel", "chur" })
        {
            state = Apply(state, new RoundEvent.UpdateAccepted(1, state.Epoch, Update(hospital)));
        }

        Assert.Equal("round 7 is being aggregated from 3 updates", Explain(state).Why);
        Assert.Null(Explain(state).IfClosedNow);
        state = Apply(state, new RoundEvent.AggregatorLost(state.Epoch));
        Assert.StartsWith("round 7 waits for updates again, since its aggregator was lost: 0 are in, at least 2 must be; still at work: aarau, basel, chur;", Explain(state).Why);
    }

    [Fact]
    public void A_pace_begins_anew_with_other_work_and_is_not_told_from_one_report()
    {
        var first = HospitalPace.After(null, new() { Kind = ActivityKind.Training, StepsDone = 50, StepsTotal = 100 }, Start);
        Assert.Null(first.DoneAt);
        var upload = HospitalPace.After(first, new() { Kind = ActivityKind.Uploading, BytesDone = 5, BytesTotal = 10 }, Start.AddMinutes(1));
        Assert.Null(upload.DoneAt);
        Assert.Equal(
            Start.AddMinutes(3),
            HospitalPace.After(upload, new() { Kind = ActivityKind.Uploading, BytesDone = 10, BytesTotal = 10 }, Start.AddMinutes(3)).DoneAt);

        // A hospital that was restarted begins again below where it was.
        var again = HospitalPace.After(first, new() { Kind = ActivityKind.Training, StepsDone = 1, StepsTotal = 100 }, Start.AddMinutes(5));
        Assert.Equal((1L, Start.AddMinutes(5)), (again.FirstDone, again.FirstAt));
    }

    [Fact]
    public void A_pace_is_that_of_the_last_reports_and_its_memory_is_bounded()
    {
        // 100 bytes a second for ten minutes, then 1,000: after 16 reports only the new speed counts.
        HospitalPace? pace = null;
        var (now, done) = (Start, 0L);
        for (var second = 0; second < 616; second++)
        {
            pace = HospitalPace.After(pace, new() { Kind = ActivityKind.Uploading, BytesDone = done, BytesTotal = 1_000_000 }, now);
            now = now.AddSeconds(1);
            done += second < 600 ? 100 : 1_000;
        }

        Assert.Equal((pace!.At.AddSeconds(-15), pace.Latest.BytesDone - 15_000), (pace.FirstAt, pace.FirstDone));
        Assert.Equal(pace.At.AddSeconds((1_000_000 - pace.Latest.BytesDone) / 1_000.0), pace.DoneAt);
    }

    [Theory]
    [InlineData(5, "uploads 31.0 of 100.0 MB, about 64 s left, done at about 2026-03-01 20:02:09Z")]
    [InlineData(9, "uploads 31.0 of 100.0 MB, about 60 s left, done at about 2026-03-01 20:02:09Z")]
    [InlineData(10, "uploads 31.0 of 100.0 MB, no byte moved for 10 s")]
    [InlineData(4000, "uploads 31.0 of 100.0 MB, no byte moved for 67 min")]
    public void A_transfer_tells_how_long_it_will_take_or_that_it_stands_still(int secondsLater, string doing)
    {
        // 31 MB in 31 s: 69 s are left at the second report.
        var pace = HospitalPace.After(null, new() { Kind = ActivityKind.Uploading, BytesTotal = 100_000_000 }, Start.AddSeconds(29));
        pace = HospitalPace.After(pace, new() { Kind = ActivityKind.Uploading, BytesDone = 31_000_000, BytesTotal = 100_000_000 }, Start.AddMinutes(1));
        var told = RoundExplainer.Explain(
            Training(),
            new Dictionary<string, HospitalPace>(StringComparer.Ordinal) { ["aarau"] = pace },
            new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal),
            Start.AddMinutes(1).AddSeconds(secondsLater));

        Assert.Equal(doing, told.Hospitals[0].Doing);
        Assert.Equal(secondsLater < 10, told.Hospitals[0].DoneAt is not null);
        Assert.Equal((31_000_000, 100_000_000), (told.Hospitals[0].Activity.BytesDone, told.Hospitals[0].Activity.BytesTotal));
    }

    [Fact]
    public void A_training_that_is_slow_to_tell_of_its_next_step_does_not_stand_still()
    {
        var pace = Pace(new() { Kind = ActivityKind.Training, StepsTotal = 100 }, new() { Kind = ActivityKind.Training, StepsDone = 50, StepsTotal = 100 });
        Assert.Null(pace.StillFor(Start.AddHours(1)));
    }

    private static HospitalPace Pace(HospitalActivity first, HospitalActivity latest) =>
        HospitalPace.After(HospitalPace.After(null, first, Start), latest, Start.AddMinutes(1));

    private static ParticipantUpdate Update(string hospital) => new(hospital, ContentDigest.Of([(byte)hospital[0]]), 10);

    private static RunExplanation Explain(
        RoundState state, IReadOnlyDictionary<string, HospitalPace>? paces = null, params (string Hospital, DateTimeOffset At)[] lastSeen) =>
        RoundExplainer.Explain(
            state, paces ?? ImmutableDictionary<string, HospitalPace>.Empty, lastSeen.ToDictionary(seen => seen.Hospital, seen => seen.At), Start.AddMinutes(1));

    private static RoundState Training() => After(
        new RoundEvent.Accepted("aarau", 1), new RoundEvent.Accepted("basel", 1), new RoundEvent.Accepted("chur", 1));

    private static RoundState After(params RoundEvent[] events) =>
        events.Aggregate(Apply(RoundState.NotBegun, Begin("chur", "aarau", "basel")), Apply);

    private static RoundEvent.Begin Begin(params ImmutableArray<string> hospitals) =>
        new("run-1", 7, 1, Options, ContentDigest.Of([1]), ContentDigest.Of([2]), hospitals);

    private static RoundState Apply(RoundState state, RoundEvent occurred)
    {
        var transition = RoundMachine.Apply(state, occurred, Start, Guid.NewGuid());
        Assert.Equal(RoundVerdict.Applied, transition.Verdict);
        return transition.State;
    }
}
