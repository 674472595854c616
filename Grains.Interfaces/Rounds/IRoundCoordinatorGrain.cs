using FederatedOrleans.Runs;
using FederatedOrleans.Updates;
using Orleans.Concurrency;

namespace FederatedOrleans.Rounds;

/// <summary>The lockstep of one round. Key: <see cref="GrainKeys.Round"/>.</summary>
/// <remarks>The intake interleaves: concurrent messages join one write, and each is answered after the write that holds it.</remarks>
[GrainInterfaceType("fo.round")]
public interface IRoundCoordinatorGrain : IGrainWithStringKey
{
    /// <summary>Begins an attempt.</summary>
    [Alias("begin"), AlwaysInterleave]
    Task BeginAsync(BeginRound begin, CancellationToken cancellationToken = default);

    /// <summary>Takes the run's stored decision: stop, pause, or one that the coordinator missed.</summary>
    [Alias("decided"), AlwaysInterleave]
    Task DecidedAsync(int attempt, RoundDecision decision, CancellationToken cancellationToken = default);

    /// <summary>A hospital accepts (no reason) or declines.</summary>
    [Alias("answer"), AlwaysInterleave]
    Task<RoundVerdict> AnswerAsync(string hospital, int attempt, string? declineReason, CancellationToken cancellationToken = default);

    /// <summary>What a hospital does, and how far it has come.</summary>
    [Alias("activity"), AlwaysInterleave]
    Task<RoundVerdict> ActivityAsync(
        string hospital, int attempt, HospitalActivity activity, CancellationToken cancellationToken = default);

    /// <summary>Where a hospital's update goes.</summary>
    [Alias("upload-target"), AlwaysInterleave]
    Task<UploadTarget> UploadTargetAsync(string hospital, int attempt, long epoch, CancellationToken cancellationToken = default);

    /// <summary>An update is staged whole and has passed every check.</summary>
    [Alias("update-accepted"), AlwaysInterleave]
    Task<RoundVerdict> UpdateAcceptedAsync(int attempt, long epoch, ParticipantUpdate update, CancellationToken cancellationToken = default);

    /// <summary>A hospital can't give an update in this attempt.</summary>
    [Alias("update-refused"), AlwaysInterleave]
    Task<RoundVerdict> UpdateRefusedAsync(string hospital, int attempt, string reason, CancellationToken cancellationToken = default);

    /// <summary>The aggregator of the epoch is gone.</summary>
    [Alias("aggregator-lost"), AlwaysInterleave]
    Task AggregatorLostAsync(long epoch, Guid incarnation, CancellationToken cancellationToken = default);

    /// <summary>Goes on with what is there, if the rules allow it.</summary>
    [Alias("close"), AlwaysInterleave]
    Task<RoundVerdict> CloseAsync(int attempt, CancellationToken cancellationToken = default);

    /// <summary>Asks the run to abandon the attempt.</summary>
    [Alias("cancel"), AlwaysInterleave]
    Task<RoundVerdict> CancelAsync(int attempt, string reason, CancellationToken cancellationToken = default);

    /// <summary>Why the round waits; null before it began.</summary>
    [Alias("explain"), AlwaysInterleave]
    Task<RunExplanation?> ExplainAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether an attempt still asks anything of hospitals. Of one that never began it is said that it is over.</summary>
    [Alias("standing"), AlwaysInterleave]
    Task<AssignmentStanding> StandingAsync(int attempt, CancellationToken cancellationToken = default);

    /// <summary>The round for people; null before it began.</summary>
    [Alias("view"), AlwaysInterleave]
    Task<RoundView?> ViewAsync(CancellationToken cancellationToken = default);
}
