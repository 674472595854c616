using System.Collections.Immutable;
using System.Globalization;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Rounds;

/// <summary>Says of a round why it waits, what each hospital does, and what closing it now would do. Pure.</summary>
internal static class RoundExplainer
{
    private const double Mega = 1e6;

    // A sentence is read by people; what every hospital does is told hospital by hospital.
    private const int MostNames = 8;

    /// <summary>Explains a round.</summary>
    /// <param name="state">The round as stored.</param>
    /// <param name="paces">What hospitals have reported, as far as it is known.</param>
    /// <param name="lastSeen">When hospitals were last heard of, as far as it is known.</param>
    /// <param name="now">The time.</param>
    public static RunExplanation Explain(
        RoundState state,
        IReadOnlyDictionary<string, HospitalPace> paces,
        IReadOnlyDictionary<string, DateTimeOffset> lastSeen,
        DateTimeOffset now) => new()
        {
            Why = Why(state),
            Hospitals =
            [
                .. state.Participants.Select(participant =>
                {
                    var pace = paces.GetValueOrDefault(participant.Hospital);
                    var doneAt = participant is { Status: ParticipantStatus.Accepted, Lost: false } && pace?.StillFor(now) is null
                        ? pace?.DoneAt
                        : null;
                    return new HospitalExplanation
                    {
                        Hospital = participant.Hospital,
                        Doing = Doing(participant, pace?.Latest, Ending(pace, doneAt, now), lastSeen),
                        Activity = pace?.Latest ?? new(),
                        DoneAt = doneAt,
                    };
                }),
            ],
            IfClosedNow = IfClosedNow(state, now),
        };

    private static string Why(RoundState state)
    {
        var round = RoundWording.NameOf(state.Round);
        var minimum = state.Options?.MinimumReports ?? 0;
        switch (state.Phase)
        {
            case RoundPhase.Selecting:
                var accepted = Names(state, participant => participant.Status == ParticipantStatus.Accepted);
                return $"{round} waits for answers to its invitation: {accepted.Length} of {state.Participants.Length} hospitals have accepted, "
                    + $"at least {minimum} must{Waiting(state, ParticipantStatus.Invited, "still to answer")}; "
                    + $"the time for it ends at {Time(state.PhaseDeadline)}";
            case RoundPhase.Training:
                var again = state.Frozen is null ? "" : " again, since its aggregator was lost";
                var ends = state.GraceEndsAt is { } grace && grace < state.PhaseDeadline ? grace : state.PhaseDeadline;
                return $"{round} waits for updates{again}: {state.Counted.Length} are in, at least {minimum} must be"
                    + $"{Waiting(state, ParticipantStatus.Accepted, "still at work")}; it closes at {Time(ends)} at the latest";
            case RoundPhase.Closing:
                return $"{round} is being aggregated from {Count(state.Frozen!.Value.Length, "update")}";
            case RoundPhase.Committing:
                return $"{round} asks the run to commit the model made from {Count(state.Frozen!.Value.Length, "update")}";
            case RoundPhase.Abandoning:
                return $"attempt {state.Attempt} at {round} is being given up: {state.Reason}";
            default:
                return $"attempt {state.Attempt} at {round} is over; the run decides what follows";
        }
    }

    private static string Waiting(RoundState state, ParticipantStatus status, string words)
    {
        var present = Names(state, participant => participant.Status == status && !participant.Lost);
        var away = Names(state, participant => participant.Status == status && participant.Lost);
        return (present.IsEmpty ? "" : $"; {words}: {Listed(present)}")
            + (away.IsEmpty ? "" : $"; not heard of for longer than the lease: {Listed(away)}");
    }

    private static string Doing(
        RoundParticipant participant, HospitalActivity? activity, string done, IReadOnlyDictionary<string, DateTimeOffset> lastSeen)
    {
        var since = lastSeen.TryGetValue(participant.Hospital, out var seen) ? $", last heard of at {Time(seen)}" : "";
        return participant switch
        {
            { Status: ParticipantStatus.Declined } => $"declined: {participant.Reason}",
            { Status: ParticipantStatus.Failed } => $"failed: {participant.Reason}",
            { Status: ParticipantStatus.Reported } => "its update is in",
            { Lost: true } => $"not heard of for longer than its lease{since}",
            { Status: ParticipantStatus.Invited } => $"has not answered its invitation{since}",
            _ => activity?.Kind switch
            {
                ActivityKind.Downloading => $"downloads {Bytes(activity)}{done}",
                ActivityKind.Training => $"trains: {Steps(activity)}{done}",
                ActivityKind.Uploading => $"uploads {Bytes(activity)}{done}",
                ActivityKind.Paused => $"pauses after {Steps(activity)}: its machine is not free for it now",
                _ => $"has accepted and not yet said what it does{since}",
            },
        };
    }

    /// <summary>When the work under way ends, or that it stands still.</summary>
    private static string Ending(HospitalPace? pace, DateTimeOffset? doneAt, DateTimeOffset now) =>
        pace?.StillFor(now) is { } still ? $", no byte moved for {Span(still)}"
        : doneAt is { } at && at >= now ? $", about {Span(at - now)} left, done at about {Time(at)}"
        : "";

    /// <summary>Tried on the round machine itself, so that the answer is what the command would do.</summary>
    private static string? IfClosedNow(RoundState state, DateTimeOffset now)
    {
        if (state.Phase is not (RoundPhase.Selecting or RoundPhase.Training))
        {
            return null;
        }

        var after = RoundMachine.Apply(state, new RoundEvent.CloseRequested(state.Attempt), now, Guid.Empty).State;
        var minimum = state.Options!.MinimumReports;
        return (state.Phase, after.Phase) switch
        {
            (RoundPhase.Selecting, RoundPhase.Training) =>
                $"training would begin with {Without(state, ParticipantStatus.Accepted, "hospital")}",
            (RoundPhase.Training, RoundPhase.Closing) =>
                $"the model would be made from {Without(state, ParticipantStatus.Reported, "update")}",
            (RoundPhase.Selecting, _) =>
                $"it would be refused: {Names(state, participant => participant.Status == ParticipantStatus.Accepted).Length} of at least {minimum} hospitals have accepted",
            _ => $"it would be refused: {state.Counted.Length} of at least {minimum} updates are in",
        };
    }

    private static string Without(RoundState state, ParticipantStatus status, string noun)
    {
        var others = Names(state, participant => participant.Status != status);
        return Count(state.Participants.Length - others.Length, noun) + (others.IsEmpty ? "" : $", without {Listed(others)}");
    }

    private static ImmutableArray<string> Names(RoundState state, Func<RoundParticipant, bool> which) =>
        [.. state.Participants.Where(which).Select(participant => participant.Hospital)];

    /// <summary>Hospitals by name, as long as they are few.</summary>
    private static string Listed(ImmutableArray<string> names) => names.Length <= MostNames
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNames))} and {Count(names.Length - MostNames, "other")}";

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Steps(HospitalActivity activity) => activity.StepsTotal > 0
        ? $"{activity.StepsDone} of {Count((int)Math.Min(activity.StepsTotal, int.MaxValue), "step")}"
        : $"{activity.StepsDone} steps";

    private static string Bytes(HospitalActivity activity) => activity.BytesTotal > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{activity.BytesDone / Mega:0.0} of {activity.BytesTotal / Mega:0.0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{activity.BytesDone / Mega:0.0} MB");

    /// <summary>A duration in its largest unit of which it has two or more, rounded up.</summary>
    private static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => Whole(span.TotalSeconds, "s"),
        { TotalMinutes: < 120 } => Whole(span.TotalMinutes, "min"),
        { TotalHours: < 48 } => Whole(span.TotalHours, "h"),
        _ => Whole(span.TotalDays, "days"),
    };

    private static string Whole(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(number):0} {unit}");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
