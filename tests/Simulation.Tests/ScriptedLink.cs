using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation;

/// <summary>A link at whose calls a test does what it likes before they are made, or after; each hook may throw or wait.</summary>
internal sealed class ScriptedLink(IHospitalLink link) : DelegatingHospitalLink(link)
{
    public Func<CancellationToken, Task>? Asking { get; init; }

    public Func<CancellationToken, Task>? Asked { get; init; }

    public Func<AttemptId, SiteRefusal, CancellationToken, Task>? Answering { get; init; }

    public Func<ContentDigest, CancellationToken, Task>? Downloading { get; init; }

    public Func<ContentDigest, CancellationToken, Task>? Downloaded { get; init; }

    public Func<UpdateUpload, CancellationToken, Task>? Uploading { get; init; }

    public Func<AttemptId, CancellationToken, Task>? AskingOutcome { get; init; }

    public Action<AttemptId, SiteProgress>? Progress { get; init; }

    public override async Task<SiteInbox> NextAsync(CancellationToken cancellationToken)
    {
        await (Asking?.Invoke(cancellationToken) ?? Task.CompletedTask);
        var inbox = await base.NextAsync(cancellationToken);
        await (Asked?.Invoke(cancellationToken) ?? Task.CompletedTask);
        return inbox;
    }

    public override async Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken)
    {
        await (Answering?.Invoke(id, refusal, cancellationToken) ?? Task.CompletedTask);
        return await base.AnswerAsync(id, refusal, cancellationToken);
    }

    public override async Task<bool> DownloadAsync(ContentDigest digest, long offset, Stream target, CancellationToken cancellationToken)
    {
        await (Downloading?.Invoke(digest, cancellationToken) ?? Task.CompletedTask);
        var isThere = await base.DownloadAsync(digest, offset, target, cancellationToken);
        await (Downloaded?.Invoke(digest, cancellationToken) ?? Task.CompletedTask);
        return isThere;
    }

    public override async Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken)
    {
        await (Uploading?.Invoke(upload, cancellationToken) ?? Task.CompletedTask);
        return await base.UploadAsync(upload, cancellationToken);
    }

    public override async Task<SiteOutcome> OutcomeAsync(AttemptId id, CancellationToken cancellationToken)
    {
        await (AskingOutcome?.Invoke(id, cancellationToken) ?? Task.CompletedTask);
        return await base.OutcomeAsync(id, cancellationToken);
    }

    public override Task<bool> ReportProgressAsync(AttemptId id, SiteProgress progress, CancellationToken cancellationToken)
    {
        Progress?.Invoke(id, progress);
        return base.ReportProgressAsync(id, progress, cancellationToken);
    }
}
