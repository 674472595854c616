using System.Collections.Immutable;
using FederatedOrleans.Availability;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;
using Grpc.Core;

namespace FederatedOrleans.Site.Link;

/// <summary>The link to a centre of several Silos: one of them at a time, the next where it fails.</summary>
/// <remarks>
/// A failed call is not repeated here: whoever made it tries again after its pause, and finds the next Silo. Any Silo serves any call, so
/// that a transfer goes on at another where it broke.
/// </remarks>
internal sealed class FailoverHospitalLink(ImmutableArray<IHospitalLink> links) : IHospitalLink, IDisposable
{
    // Grows by one with each change; which link it means is its remainder.
    private long _turn;

    /// <summary>Links to addresses of the centre, the first of which is tried first.</summary>
    /// <param name="addresses">https://host:port; at least one.</param>
    /// <param name="handler">Makes a handler that shows this hospital's certificate and accepts only a Silo's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="availability">The calendar to publish; null where this hospital is always open.</param>
    /// <param name="maxBytesPerSecond">Most bytes of models and updates a second, each way; null for no limit.</param>
    public static FailoverHospitalLink Create(
        IReadOnlyList<Uri> addresses,
        Func<SocketsHttpHandler> handler,
        TimeProvider time,
        WeeklyAvailability? availability = null,
        long? maxBytesPerSecond = null) =>
        new([.. addresses.Select(address => new GrpcHospitalLink(
            address, handler, time, availability: availability, maxBytesPerSecond: maxBytesPerSecond))]);

    public async Task AttendAsync(
        ImmutableArray<OfferedDataset> datasets, Action opened, Action<SiteInbox?> told, CancellationToken cancellationToken)
    {
        var turn = Interlocked.Read(ref _turn);
        await OnAsync(
            async link =>
            {
                await link.AttendAsync(datasets, opened, told, cancellationToken);
                return true;
            },
            cancellationToken);

        // A stream that ended in good order is that of a Silo which stops.
        MoveOn(turn);
    }

    public Task<SiteInbox> NextAsync(CancellationToken cancellationToken) =>
        OnAsync(link => link.NextAsync(cancellationToken), cancellationToken);

    public Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken) =>
        OnAsync(link => link.AnswerAsync(id, refusal, cancellationToken), cancellationToken);

    public Task<bool> ReportProgressAsync(AttemptId id, SiteProgress progress, CancellationToken cancellationToken) =>
        OnAsync(link => link.ReportProgressAsync(id, progress, cancellationToken), cancellationToken);

    public Task<bool> ReportFailureAsync(AttemptId id, SiteFailure failure, CancellationToken cancellationToken) =>
        OnAsync(link => link.ReportFailureAsync(id, failure, cancellationToken), cancellationToken);

    public Task<bool> ReportEvaluationAsync(AttemptId id, EvaluationMetrics metrics, CancellationToken cancellationToken) =>
        OnAsync(link => link.ReportEvaluationAsync(id, metrics, cancellationToken), cancellationToken);

    public Task<SiteOutcome> OutcomeAsync(AttemptId id, CancellationToken cancellationToken) =>
        OnAsync(link => link.OutcomeAsync(id, cancellationToken), cancellationToken);

    public Task<bool> DownloadAsync(ContentDigest digest, long offset, Stream target, CancellationToken cancellationToken) =>
        OnAsync(link => link.DownloadAsync(digest, offset, target, cancellationToken), cancellationToken);

    public Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken) =>
        OnAsync(link => link.UploadAsync(upload, cancellationToken), cancellationToken);

    public void Dispose()
    {
        foreach (var link in links)
        {
            (link as IDisposable)?.Dispose();
        }
    }

    private async Task<T> OnAsync<T>(Func<IHospitalLink, Task<T>> call, CancellationToken cancellationToken)
    {
        var turn = Interlocked.Read(ref _turn);
        try
        {
            return await call(links[(int)(turn % links.Length)]);
        }
        catch (Exception exception) when (IsOfTheLink(exception) && !cancellationToken.IsCancellationRequested)
        {
            MoveOn(turn);
            throw;
        }
    }

    /// <summary>Whether it may say something of the Silo or the way there. A change too many does no harm.</summary>
    private static bool IsOfTheLink(Exception exception) => exception
        is RpcException { StatusCode: not (StatusCode.InvalidArgument or StatusCode.ResourceExhausted) }
        or HttpRequestException or IOException or TimeoutException or OperationCanceledException;

    /// <summary>Of those that failed with the same Silo one changes to the next.</summary>
    private void MoveOn(long turn) => Interlocked.CompareExchange(ref _turn, turn + 1, turn);
}
