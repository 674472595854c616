using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation.Faults;

/// <summary>A link over which calls are lost, answers are lost, calls arrive twice or late, and bodies break off.</summary>
internal sealed class FaultyLink(string hospital, IHospitalLink link, LinkFaults faults, FaultSchedule schedule, TimeProvider time)
    : DelegatingHospitalLink(link)
{
    private readonly IHospitalLink _link = link;

    public override Task AttendAsync(
        ImmutableArray<OfferedDataset> datasets, Action opened, Action<SiteInbox?> told, CancellationToken cancellationToken) =>
        base.AttendAsync(datasets, opened, inbox => Tell(told, inbox), cancellationToken);

    public override Task<SiteInbox> NextAsync(CancellationToken cancellationToken) =>
        CallAsync("next", base.NextAsync, cancellationToken);

    public override Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken) =>
        CallAsync("answer", token => _link.AnswerAsync(id, refusal, token), cancellationToken);

    public override Task<bool> ReportProgressAsync(AttemptId id, SiteProgress progress, CancellationToken cancellationToken) =>
        CallAsync("progress", token => _link.ReportProgressAsync(id, progress, token), cancellationToken);

    public override Task<bool> ReportFailureAsync(AttemptId id, SiteFailure failure, CancellationToken cancellationToken) =>
        CallAsync("failure", token => _link.ReportFailureAsync(id, failure, token), cancellationToken);

    public override Task<bool> ReportEvaluationAsync(AttemptId id, EvaluationMetrics metrics, CancellationToken cancellationToken) =>
        CallAsync("evaluation", token => _link.ReportEvaluationAsync(id, metrics, token), cancellationToken);

    public override Task<SiteOutcome> OutcomeAsync(AttemptId id, CancellationToken cancellationToken) =>
        CallAsync("outcome", token => _link.OutcomeAsync(id, token), cancellationToken);

    public override async Task<bool> DownloadAsync(ContentDigest digest, long offset, Stream target, CancellationToken cancellationToken)
    {
        if (!schedule.Happens($"{hospital} download", faults.BodyRate))
        {
            return await base.DownloadAsync(digest, offset, target, cancellationToken);
        }

        await using var broken = new BrokenStream(target, schedule.Next($"{hospital} download", faults.LongestBody), ownsInner: false);
        return await base.DownloadAsync(digest, offset, broken, cancellationToken);
    }

    public override async Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken)
    {
        // By the attempt, not by how often it was tried: a repetition does not bring the hospital back.
        if (faults.DropOutRate > 0 && schedule.Happens($"{hospital} {upload.Id}", faults.DropOutRate))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }

        return await CallAsync(
            "upload",
            token => _link.UploadAsync(
                schedule.Happens($"{hospital} body", faults.BodyRate)
                    ? upload with
                    {
                        Open = () => new BrokenStream(upload.Open(), schedule.Next($"{hospital} body", faults.LongestBody), ownsInner: true),
                    }
                    : upload,
                token),
            cancellationToken);
    }

    private async Task<T> CallAsync<T>(string name, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var subject = $"{hospital} {name}";
        if (!schedule.Happens(subject, faults.CallRate))
        {
            return await call(cancellationToken);
        }

        switch (schedule.Next(subject, 5))
        {
            case 0:
                throw new IOException("The call was lost.");
            case 1:
                await call(cancellationToken);
                throw new IOException("The answer was lost.");
            case 2:
                await call(cancellationToken);
                return await call(cancellationToken);
            case 3:
                // The call is lost for its caller, and arrives when other calls have overtaken it.
                schedule.Straggles(ArriveLateAsync(subject, call));
                throw new IOException("The call is late.");
            default:
                await DelayAsync(subject, cancellationToken);
                return await call(cancellationToken);
        }
    }

    /// <summary>What the centre tells over the open stream is lost, comes twice, or when later news have overtaken it.</summary>
    private void Tell(Action<SiteInbox?> told, SiteInbox? inbox)
    {
        var subject = $"{hospital} told";
        if (!schedule.Happens(subject, faults.CallRate))
        {
            told(inbox);
            return;
        }

        switch (schedule.Next(subject, 3))
        {
            case 0:
                break;
            case 1:
                told(inbox);
                told(inbox);
                break;
            default:
                schedule.Straggles(TellLateAsync(subject, told, inbox));
                break;
        }
    }

    private async Task TellLateAsync(string subject, Action<SiteInbox?> told, SiteInbox? inbox)
    {
        await DelayAsync(subject, CancellationToken.None);
        told(inbox);
    }

    private async Task ArriveLateAsync<T>(string subject, Func<CancellationToken, Task<T>> call)
    {
        await DelayAsync(subject, CancellationToken.None);
        try
        {
            await call(CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Nobody waits for its answer any more.
        }
    }

    private Task DelayAsync(string subject, CancellationToken cancellationToken) =>
        Task.Delay(faults.LongestDelay * (schedule.Next(subject, 1_000) / 1_000.0), time, cancellationToken);
}
