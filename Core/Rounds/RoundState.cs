using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>All that the lockstep of one round is: stored by the coordinator, moved by <see cref="RoundMachine"/>.</summary>
[GenerateSerializer, Immutable, Alias("fo.RoundState")]
public sealed record RoundState
{
    /// <summary>The state before the first attempt.</summary>
    public static RoundState NotBegun { get; } = new();

    /// <summary>Run id.</summary>
    [Id(0)] public string Run { get; init; } = "";

    /// <summary>Round number from 1; 0 is that of statistics.</summary>
    [Id(1)] public int Round { get; init; }

    /// <summary>Attempt number from 1; never repeats within a round.</summary>
    [Id(2)] public int Attempt { get; init; }

    /// <summary>Where the attempt stands.</summary>
    [Id(3)] public RoundPhase Phase { get; init; }

    /// <summary>The rules.</summary>
    [Id(4)] public ResolvedRoundOptions? Options { get; init; }

    /// <summary>Digest of the plan as submitted.</summary>
    [Id(5)] public ContentDigest PlanDigest { get; init; }

    /// <summary>Digest of the model that hospitals start from.</summary>
    [Id(6)] public ContentDigest BaseModel { get; init; }

    /// <summary>When the phase began.</summary>
    [Id(7)] public DateTimeOffset PhaseStartedAt { get; init; }

    /// <summary>When the phase ends at the latest.</summary>
    [Id(8)] public DateTimeOffset PhaseDeadline { get; init; }

    /// <summary>When training was configured.</summary>
    [Id(9)] public DateTimeOffset TrainingStartedAt { get; init; }

    /// <summary>When the grace time after the goal ends.</summary>
    [Id(10)] public DateTimeOffset? GraceEndsAt { get; init; }

    /// <summary>Epoch of the aggregator; never repeats within a round. 0 before the first attempt.</summary>
    [Id(11)] public long Epoch { get; init; }

    /// <summary>What an aggregator must be opened with to serve the epoch.</summary>
    [Id(12)] public Guid EpochNonce { get; init; }

    /// <summary>The activation that first answered the opening of the epoch.</summary>
    [Id(13)] public Guid? Incarnation { get; init; }

    /// <summary>Hospitals in ordinal order.</summary>
    [Id(14)] public ImmutableArray<RoundParticipant> Participants { get; init; } = [];

    /// <summary>The set to be committed, in ordinal order of hospitals; a later epoch may only shrink it. Absent before the first close.</summary>
    [Id(15)] public ImmutableArray<ParticipantUpdate>? Frozen { get; init; }

    /// <summary>The model made from the frozen set.</summary>
    [Id(16)] public ContentDigest NewModel { get; init; }

    /// <summary>Why the attempt is abandoned.</summary>
    [Id(17)] public string? Reason { get; init; }

    /// <summary>When the attempt began.</summary>
    [Id(18)] public DateTimeOffset BeganAt { get; init; }

    /// <summary>Epochs of this attempt whose aggregator was lost.</summary>
    [Id(19)] public int EpochsLost { get; init; }

    /// <summary>When the coordinator is known to have been at work; an outage is counted from here.</summary>
    [Id(20)] public DateTimeOffset AliveAt { get; init; }

    /// <summary>What the centre keeps beside the model that hospitals start from; absent where it keeps nothing.</summary>
    [Id(21)] public ServerState? BaseState { get; init; }

    /// <summary>What it keeps beside the model made from the frozen set.</summary>
    [Id(22)] public ServerState? NewState { get; init; }

    /// <summary>Groups of the cohort, each with an aggregator of its own, in ordinal order of hospitals: at least 1.</summary>
    public int Groups => Options is { GroupSize: > 0 } options && Participants.Length > 0 ? ((Participants.Length - 1) / options.GroupSize) + 1 : 1;

    /// <summary>Updates counted in the current epoch, in ordinal order of hospitals.</summary>
    public ImmutableArray<ParticipantUpdate> Counted =>
        [.. Participants.Where(participant => participant.Status == ParticipantStatus.Reported).Select(participant => participant.Update!)];

    /// <summary>The updates that a group's part of the frozen set begins with, whatever happens in this epoch from now on.</summary>
    /// <remarks>
    /// An update that counts does so to the end of its epoch, and who has not accepted, or has failed, gives none. Up to the first hospital
    /// that may still give one, nothing can change.
    /// </remarks>
    /// <param name="group">The group, from 0.</param>
    public IEnumerable<ParticipantUpdate> Settled(int group)
    {
        var (from, count) = Groups > 1 ? (group * Options!.GroupSize, Options.GroupSize) : (0, Participants.Length);
        return Phase != RoundPhase.Training ? [] : Participants.Skip(from).Take(count)
            .TakeWhile(participant => participant.Status != ParticipantStatus.Accepted || !MayStillCount(participant.Hospital))
            .Where(participant => participant.Status == ParticipantStatus.Reported)
            .Select(participant => participant.Update!);
    }

    /// <summary>Whether an update of this hospital may count: once a set was frozen, an epoch takes only what that set holds.</summary>
    public bool MayStillCount(string hospital) =>
        Frozen is not { } frozen || frozen.Any(update => string.Equals(update.Hospital, hospital, StringComparison.Ordinal));

    /// <summary>Whether nothing more happens in this attempt.</summary>
    public bool IsDecided => Phase is RoundPhase.Committed or RoundPhase.Abandoned;

    /// <summary>The participant of that id, or null.</summary>
    public RoundParticipant? Find(string hospital) => IndexOf(hospital) is var index and >= 0 ? Participants[index] : null;

    /// <summary>The group of a participant, from 0; that of a hospital that is none is 0.</summary>
    public int GroupOf(string hospital) => Groups > 1 ? Math.Max(0, IndexOf(hospital)) / Options!.GroupSize : 0;

    /// <summary>Where the participant of that id stands in <see cref="Participants"/>; negative where there is none.</summary>
    internal int IndexOf(string hospital)
    {
        var (low, high) = (0, Participants.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (string.CompareOrdinal(Participants[middle].Hospital, hospital))
            {
                case 0:
                    return middle;
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return -1;
    }
}
