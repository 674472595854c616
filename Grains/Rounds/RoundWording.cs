using FederatedOrleans.Plans;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Rounds;

/// <summary>What happened in a round, in words for those who watch.</summary>
internal static class RoundWording
{
    /// <summary>A round as people call it.</summary>
    public static string NameOf(int round) => round == TrainingPlan.StatisticsRound ? "the statistics round" : $"round {round}";

    /// <summary>Why a hospital's update is not in the model.</summary>
    public static string WhyLeftOut(RoundParticipant participant) => participant switch
    {
        { Status: ParticipantStatus.Declined } => $"declined: {participant.Reason}",
        { Status: ParticipantStatus.Failed } => $"failed: {participant.Reason}",
        { Status: ParticipantStatus.Invited } => "did not answer the invitation",
        { Lost: true } => "was not heard of for longer than its lease",
        _ => "did not report in time",
    };

    /// <summary>The events that lie between two states.</summary>
    public static IEnumerable<RunEvent> Changes(RoundState before, RoundState after)
    {
        if (before.Attempt != after.Attempt)
        {
            yield return Event(after, RunEventKind.RoundBegan, null, $"{after.Participants.Length} hospitals are invited");
        }

        for (var index = 0; index < after.Participants.Length; index++)
        {
            // Within an attempt nobody joins the cohort: a participant keeps its place.
            var participant = after.Participants[index];
            var old = before.Attempt == after.Attempt ? before.Participants[index] : null;
            if (ReferenceEquals(old, participant))
            {
                continue;
            }

            foreach (var told in Changes(after, old, participant))
            {
                yield return told;
            }
        }

        if (after.EpochsLost > before.EpochsLost && before.Attempt == after.Attempt)
        {
            yield return Event(
                after, RunEventKind.EpochBegan, null,
                $"the aggregator was lost: epoch {after.Epoch} {(after.Phase == RoundPhase.Selecting ? "opens another" : "asks for the updates again")}");
        }

        if (before.Phase == after.Phase && before.Attempt == after.Attempt)
        {
            yield break;
        }

        switch (after.Phase)
        {
            case RoundPhase.Training:
                yield return Event(after, RunEventKind.TrainingBegan, null, "accepted hospitals train");
                break;
            case RoundPhase.Closing:
                yield return Event(after, RunEventKind.RoundClosing, null, $"closing with {after.Frozen!.Value.Length} updates");
                break;
            case RoundPhase.Abandoning:
                yield return Event(after, RunEventKind.RoundAbandoned, null, $"giving up the attempt: {after.Reason}");
                break;
        }
    }

    private static IEnumerable<RunEvent> Changes(RoundState state, RoundParticipant? old, RoundParticipant participant)
    {
        var hospital = participant.Hospital;
        if (participant.Status != (old?.Status ?? ParticipantStatus.Invited))
        {
            switch (participant.Status)
            {
                case ParticipantStatus.Accepted when old?.Status != ParticipantStatus.Reported:
                    yield return Event(state, RunEventKind.HospitalAccepted, hospital, $"{hospital} accepted");
                    break;
                case ParticipantStatus.Declined:
                    yield return Event(state, RunEventKind.HospitalDeclined, hospital, $"{hospital} declined: {participant.Reason}");
                    break;
                case ParticipantStatus.Reported:
                    yield return Event(state, RunEventKind.HospitalReported, hospital, $"{hospital} reported");
                    break;
                case ParticipantStatus.Failed:
                    yield return Event(state, RunEventKind.HospitalFailed, hospital, $"{hospital} failed: {participant.Reason}");
                    break;
            }
        }

        if (participant.Lost != (old?.Lost ?? false) && participant.Status is ParticipantStatus.Invited or ParticipantStatus.Accepted)
        {
            yield return participant.Lost
                ? Event(state, RunEventKind.HospitalLost, hospital, $"{hospital} has not been heard of for longer than its lease")
                : Event(state, RunEventKind.HospitalBack, hospital, $"{hospital} is back");
        }
    }

    private static RunEvent Event(RoundState state, RunEventKind kind, string? hospital, string text) =>
        new() { Kind = kind, Round = state.Round, Attempt = state.Attempt, Hospital = hospital, Text = text };
}
