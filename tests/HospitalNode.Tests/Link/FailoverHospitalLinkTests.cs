using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;
using Grpc.Core;

namespace FederatedOrleans.Site.Link;

public sealed class FailoverHospitalLinkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_fails_is_the_callers_to_repeat_and_finds_the_next_silo()
    {
        var (first, second) = (new Silo(), new Silo());
        using var link = new FailoverHospitalLink([first, second]);
        await link.NextAsync(Token);
        first.Failure = new RpcException(new Status(StatusCode.Unavailable, ""));

        await Assert.ThrowsAsync<RpcException>(() => link.NextAsync(Token));
        await link.NextAsync(Token);
        await link.DownloadAsync(ContentDigest.Of([1]), 0, Stream.Null, Token);
        Assert.Equal((2, 2), (first.Calls, second.Calls));

        // And round again.
        (first.Failure, second.Failure) = (null, new HttpRequestException());
        await Assert.ThrowsAsync<HttpRequestException>(() => link.DownloadAsync(ContentDigest.Of([1]), 0, Stream.Null, Token));
        await link.NextAsync(Token);
        Assert.Equal((3, 3), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task Calls_that_fail_together_pass_by_one_silo_not_by_two()
    {
        var failing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (first, second, third) = (new Silo { Wait = failing.Task }, new Silo(), new Silo());
        using var link = new FailoverHospitalLink([first, second, third]);
        var calls = Enumerable.Range(0, 8).Select(_ => link.NextAsync(Token)).ToArray();
        failing.SetException(new RpcException(new Status(StatusCode.DeadlineExceeded, "")));
        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<RpcException>(() => call);
        }

        await link.NextAsync(Token);

        Assert.Equal((8, 1, 0), (first.Calls, second.Calls, third.Calls));
    }

    [Fact]
    public async Task A_stream_that_ends_in_good_order_is_opened_at_the_next_silo()
    {
        var (first, second) = (new Silo(), new Silo());
        using var link = new FailoverHospitalLink([first, second]);

        await link.AttendAsync([], () => { }, _ => { }, Token);
        await link.AttendAsync([], () => { }, _ => { }, Token);

        Assert.Equal((1, 1), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task What_the_caller_ends_or_the_silo_refuses_changes_nothing()
    {
        var (first, second) = (new Silo { Failure = new RpcException(new Status(StatusCode.InvalidArgument, "")) }, new Silo());
        using var link = new FailoverHospitalLink([first, second]);
        await Assert.ThrowsAsync<RpcException>(() => link.NextAsync(Token));
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        first.Failure = new OperationCanceledException();
        await Assert.ThrowsAsync<OperationCanceledException>(() => link.NextAsync(ended.Token));

        Assert.Equal((2, 0), (first.Calls, second.Calls));
    }

    private sealed class Silo : IHospitalLink
    {
        public Exception? Failure { get; set; }

        public Task Wait { get; init; } = Task.CompletedTask;

        public int Calls { get; private set; }

        public Task AttendAsync(ImmutableArray<OfferedDataset> datasets, Action opened, Action<SiteInbox?> told, CancellationToken cancellationToken) =>
            AnswerAsync(true);

        public Task<SiteInbox> NextAsync(CancellationToken cancellationToken) =>
            AnswerAsync(new SiteInbox(0, []));

        public Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken) => AnswerAsync(true);

        public Task<bool> ReportProgressAsync(AttemptId id, SiteProgress progress, CancellationToken cancellationToken) =>
            AnswerAsync(true);

        public Task<bool> ReportFailureAsync(AttemptId id, SiteFailure failure, CancellationToken cancellationToken) => AnswerAsync(true);

        public Task<bool> ReportEvaluationAsync(AttemptId id, EvaluationMetrics metrics, CancellationToken cancellationToken) =>
            AnswerAsync(true);

        public Task<SiteOutcome> OutcomeAsync(AttemptId id, CancellationToken cancellationToken) => AnswerAsync(new SiteOutcome(false, default));

        public Task<bool> DownloadAsync(ContentDigest digest, long offset, Stream target, CancellationToken cancellationToken) =>
            AnswerAsync(true);

        public Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken) =>
            AnswerAsync(new UploadResult(UploadVerdict.Counted, 1));

        private async Task<T> AnswerAsync<T>(T answer)
        {
            Calls++;
            await Wait;
            return Failure is null ? answer : throw Failure;
        }
    }
}
