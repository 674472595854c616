using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation;

/// <summary>A link that passes every call on: what faults, delays and barriers between a site and the centre are derived from.</summary>
internal abstract class DelegatingHospitalLink(IHospitalLink link) : IHospitalLink
{
    public virtual Task AttendAsync(
        ImmutableArray<OfferedDataset> datasets, Action opened, Action<SiteInbox?> told, CancellationToken cancellationToken) =>
        link.AttendAsync(datasets, opened, told, cancellationToken);

    public virtual Task<SiteInbox> NextAsync(CancellationToken cancellationToken) => link.NextAsync(cancellationToken);

    public virtual Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken) =>
        link.AnswerAsync(id, refusal, cancellationToken);

    public virtual Task<bool> ReportProgressAsync(AttemptId id, SiteProgress progress, CancellationToken cancellationToken) =>
        link.ReportProgressAsync(id, progress, cancellationToken);

    public virtual Task<bool> ReportFailureAsync(AttemptId id, SiteFailure failure, CancellationToken cancellationToken) =>
        link.ReportFailureAsync(id, failure, cancellationToken);

    public virtual Task<bool> ReportEvaluationAsync(AttemptId id, EvaluationMetrics metrics, CancellationToken cancellationToken) =>
        link.ReportEvaluationAsync(id, metrics, cancellationToken);

    public virtual Task<SiteOutcome> OutcomeAsync(AttemptId id, CancellationToken cancellationToken) =>
        link.OutcomeAsync(id, cancellationToken);

    public virtual Task<bool> DownloadAsync(ContentDigest digest, long offset, Stream target, CancellationToken cancellationToken) =>
        link.DownloadAsync(digest, offset, target, cancellationToken);

    public virtual Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken) =>
        link.UploadAsync(upload, cancellationToken);
}
