using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans;

/// <summary>A centre that asks for nothing, but for what a test makes of it.</summary>
internal sealed class QuietLink : IHospitalLink
{
    private int _attending;

    public Func<ImmutableArray<SiteAssignment>> Next { get; init; } = () => [];

    /// <summary>How many streams are open.</summary>
    public int Attending => Volatile.Read(ref _attending);

    public async Task AttendAsync(ImmutableArray<OfferedDataset> datasets, Action opened, Action<SiteInbox?> told, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _attending);
        try
        {
            opened();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _attending);
        }
    }

    public Task<SiteInbox> NextAsync(CancellationToken cancellationToken) =>
        Task.Run(() => new SiteInbox(0, Next()), cancellationToken);

    public Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> ReportProgressAsync(AttemptId id, SiteProgress progress, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task<bool> ReportFailureAsync(AttemptId id, SiteFailure failure, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> ReportEvaluationAsync(AttemptId id, EvaluationMetrics metrics, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task<SiteOutcome> OutcomeAsync(AttemptId id, CancellationToken cancellationToken) => Task.FromResult(new SiteOutcome(false, default));

    public Task<bool> DownloadAsync(ContentDigest digest, long offset, Stream target, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken) =>
        Task.FromResult(new UploadResult(UploadVerdict.Busy, upload.Epoch));
}
