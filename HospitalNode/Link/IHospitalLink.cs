using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Link;

/// <summary>The hospital's end of the link. Every call is dialled out, short, and safe to repeat.</summary>
internal interface IHospitalLink
{
    /// <summary>Holds a stream open until it breaks: presence one way, what is asked the other.</summary>
    /// <param name="datasets">What this hospital offers.</param>
    /// <param name="opened">Called once the centre has answered.</param>
    /// <param name="told">Called at each wake-up, with all that is asked now, or null where the centre has to be asked.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    Task AttendAsync(ImmutableArray<OfferedDataset> datasets, Action opened, Action<SiteInbox?> told, CancellationToken cancellationToken);

    /// <summary>What to do now.</summary>
    Task<SiteInbox> NextAsync(CancellationToken cancellationToken);

    /// <summary>Accepts (<see cref="SiteRefusal.None"/>) or declines. False where the invitation has lapsed.</summary>
    Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken);

    /// <summary>What is done for a training's job, and how far it is. False where it is not wanted any more.</summary>
    Task<bool> ReportProgressAsync(AttemptId id, SiteProgress progress, CancellationToken cancellationToken);

    /// <summary>No update will come. False where none is wanted any more.</summary>
    Task<bool> ReportFailureAsync(AttemptId id, SiteFailure failure, CancellationToken cancellationToken);

    /// <summary>Metrics of an evaluation. False where they are not wanted any more.</summary>
    Task<bool> ReportEvaluationAsync(AttemptId id, EvaluationMetrics metrics, CancellationToken cancellationToken);

    /// <summary>How an attempt ended for this hospital's update.</summary>
    Task<SiteOutcome> OutcomeAsync(AttemptId id, CancellationToken cancellationToken);

    /// <summary>Writes a blob from an offset on to <paramref name="target"/>. False where the centre has no such blob.</summary>
    Task<bool> DownloadAsync(ContentDigest digest, long offset, Stream target, CancellationToken cancellationToken);

    /// <summary>Uploads an update from where the centre's copy ends, until it counts or is refused.</summary>
    Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken);
}
