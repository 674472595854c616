using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using FederatedOrleans.Availability;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;
using FederatedOrleans.Link;
using FederatedOrleans.Link.Transfers;
using FederatedOrleans.Link.V1;
using FederatedOrleans.Site.Participants;
using Grpc.Core;
using Grpc.Net.Client;
using Wire = FederatedOrleans.Link.V1;

namespace FederatedOrleans.Site.Link;

/// <summary>The link over gRPC and HTTP bodies, on mutual TLS 1.3. It only ever dials out.</summary>
/// <remarks>A channel's handler can't be shared with an HTTP client: each has one of its own.</remarks>
internal sealed class GrpcHospitalLink : IHospitalLink, IDisposable
{
    private const int CopyBytes = 256 * 1024;

    /// <summary>The longest update, in bytes, that is sent without asking first what the centre holds of it.</summary>
    /// <remarks>Over a line between cities the question costs more time than so few bytes.</remarks>
    internal const long AskFirstAbove = 64 * 1024;

    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DefaultIdle = TimeSpan.FromSeconds(60);

    private readonly GrpcChannel _channel;
    private readonly HospitalLink.HospitalLinkClient _control;
    private readonly HttpClient _bulk;
    private readonly TimeProvider _time;
    private readonly TimeSpan _longestIdle;
    private readonly WeeklyAvailability? _availability;
    private readonly BytePacer? _up;
    private readonly BytePacer? _down;
    private readonly ToldModels _toldModels = new();

    /// <summary>Uses an address of the centre.</summary>
    /// <param name="address">https://host:port.</param>
    /// <param name="handler">Makes a handler that shows this hospital's certificate and accepts only the Silo's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="longestIdle">How long a transfer may stand still before it is broken, to be resumed: 60 s by default.</param>
    /// <param name="availability">The calendar to publish; null where this hospital is always open.</param>
    /// <param name="maxBytesPerSecond">Most bytes of models and updates a second, each way; null for no limit.</param>
    public GrpcHospitalLink(
        Uri address,
        Func<SocketsHttpHandler> handler,
        TimeProvider time,
        TimeSpan? longestIdle = null,
        WeeklyAvailability? availability = null,
        long? maxBytesPerSecond = null)
    {
        (_time, _longestIdle, _availability) = (time, longestIdle ?? DefaultIdle, availability);
        (_up, _down) = (PacerOf(maxBytesPerSecond ?? 0), PacerOf(maxBytesPerSecond ?? 0));
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler(), DisposeHttpClient = true });
        _control = new HospitalLink.HospitalLinkClient(_channel);

        // A transfer is bounded by its silence, not by its length.
        _bulk = new HttpClient(handler()) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task AttendAsync(
        ImmutableArray<OfferedDataset> datasets, Action opened, Action<SiteInbox?> told, CancellationToken cancellationToken)
    {
        using var call = _control.Attend(cancellationToken: cancellationToken);
        var hello = new Hello { NodeVersion = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3) };
        hello.Datasets.AddRange(datasets.Select(dataset => new Wire.OfferedDataset
        {
            Name = dataset.Name,
            SchemaDigest = dataset.SchemaDigest.Hex,
            RowCountBucket = dataset.RowCountBucket,
        }));
        if (_availability is not null)
        {
            hello.Calendar = CalendarWire.Of(_availability);
        }

        await call.RequestStream.WriteAsync(new AttendUp { Hello = hello }, cancellationToken);
        if (!await call.ResponseStream.MoveNext(cancellationToken) || call.ResponseStream.Current.Welcome is not { } welcome)
        {
            throw new IOException("The centre did not welcome this hospital.");
        }

        opened();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beats = BeatAsync(call.RequestStream, welcome.HeartbeatInterval.ToTimeSpan(), _time, ended.Token);
        try
        {
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                told(call.ResponseStream.Current.WakeUp?.Now is { } now ? Read(now) : null);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await beats;
        }
    }

    public async Task<SiteInbox> NextAsync(CancellationToken cancellationToken) =>
        Read(await CallAsync(options => _control.NextAssignmentAsync(new NextAssignmentRequest(), options), cancellationToken));

    public async Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken)
    {
        var request = new AnswerRequest
        {
            Run = id.Run,
            Round = id.Round,
            Attempt = id.Attempt,
            Accepted = refusal == SiteRefusal.None,
            Reason = refusal switch
            {
                SiteRefusal.NotApproved => DeclineReason.NotApproved,
                SiteRefusal.DatasetMissing => DeclineReason.DatasetMissing,
                SiteRefusal.SchemaDiffers => DeclineReason.SchemaDiffers,
                SiteRefusal.TrainerMissing => DeclineReason.TrainerMissing,
                SiteRefusal.Busy => DeclineReason.Busy,
                SiteRefusal.DataFaulty => DeclineReason.DataFaulty,
                SiteRefusal.NotNewer => DeclineReason.NotNewer,
                SiteRefusal.OutsideHours => DeclineReason.OutsideHours,
                SiteRefusal.NoResources => DeclineReason.NoResources,
                _ => DeclineReason.Unspecified,
            },
        };
        var reply = await CallAsync(options => _control.AnswerAsync(request, options), cancellationToken);
        return reply.Taken;
    }

    public Task<bool> ReportProgressAsync(AttemptId id, SiteProgress progress, CancellationToken cancellationToken) => ReportAsync(
        new ReportRequest
        {
            Run = id.Run,
            Round = id.Round,
            Attempt = id.Attempt,
            Progress = new Wire.TrainingProgress
            {
                StepsDone = progress.StepsDone,
                StepsTotal = progress.StepsTotal,
                Activity = progress.Work switch
                {
                    SiteWork.Downloading => Activity.Downloading,
                    SiteWork.Uploading => Activity.Uploading,
                    SiteWork.Paused => Activity.Paused,
                    _ => Activity.Training,
                },
                BytesDone = progress.BytesDone,
                BytesTotal = progress.BytesTotal,
            },
        },
        cancellationToken);

    public Task<bool> ReportFailureAsync(AttemptId id, SiteFailure failure, CancellationToken cancellationToken) =>
        ReportAsync(
            new ReportRequest
            {
                Run = id.Run,
                Round = id.Round,
                Attempt = id.Attempt,
                Failure = failure switch
                {
                    SiteFailure.Diverged => TrainingFailure.Diverged,
                    SiteFailure.DataFaulty => TrainingFailure.DataFaulty,
                    _ => TrainingFailure.Internal,
                },
            },
            cancellationToken);

    public Task<bool> ReportEvaluationAsync(AttemptId id, EvaluationMetrics metrics, CancellationToken cancellationToken)
    {
        var request = new ReportRequest { Run = id.Run, Round = id.Round, Attempt = id.Attempt, Evaluation = MetricsWire.Of(metrics) };
        return ReportAsync(request, cancellationToken);
    }

    public async Task<SiteOutcome> OutcomeAsync(AttemptId id, CancellationToken cancellationToken)
    {
        var request = new OutcomeRequest { Run = id.Run, Round = id.Round, Attempt = id.Attempt };
        var reply = await CallAsync(options => _control.OutcomeAsync(request, options), cancellationToken);
        return reply.Kind switch
        {
            OutcomeKind.Included when ContentDigest.TryParse(reply.UpdateDigest, out var digest) => new(true, digest),
            OutcomeKind.NotIncluded => new(true, default),
            _ => new(false, default),
        };
    }

    /// <summary>Whether a model came along with what the centre told, so that it needs no call to be downloaded.</summary>
    public bool Holds(ContentDigest model) => _toldModels.Holds(model);

    public async Task<bool> DownloadAsync(ContentDigest digest, long offset, Stream target, CancellationToken cancellationToken)
    {
        if (offset == 0 && _toldModels.Take(digest) is { } told)
        {
            await target.WriteAsync(told, cancellationToken);
            return true;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{LinkRoutes.Blobs}/{digest.Hex}");
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
        }

        using var idle = new IdleLimit(_longestIdle, _time, cancellationToken);
        using var response = await idle.GuardAsync(token => _bulk.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token));
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotFound:
                return false;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                // Everything is here already.
                return true;
        }

        response.EnsureSuccessStatusCode();
        if (offset > 0 && response.StatusCode != HttpStatusCode.PartialContent)
        {
            target.SetLength(0);
        }

        await using var body = await idle.GuardAsync(response.Content.ReadAsStreamAsync);
        var most = _down?.PieceBytes ?? CopyBytes;
        var buffer = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(response.Content.Headers.ContentLength ?? most, 1, most));
        while (await idle.GuardAsync(token => body.ReadAsync(buffer, token).AsTask()) is var read and > 0)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            await (_down?.PassAsync(read, cancellationToken) ?? ValueTask.CompletedTask);
            idle.Moved();
        }

        return true;
    }

    public async Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken)
    {
        var route = LinkRoutes.Update(upload.Id.Run, upload.Id.Round, upload.Id.Attempt, upload.Epoch);
        using var idle = new IdleLimit(_longestIdle, _time, cancellationToken);
        await using var opened = upload.Open();
        var (result, held, rate) = opened.Length <= AskFirstAbove
            ? (null, 0, 0)
            : await HeldAsync(route, upload, idle, cancellationToken);
        if (result is not null)
        {
            return result;
        }

        // The centre's limit is kept here too: bytes that it takes its time to read would wait on the way, where nobody sees them move.
        await using var bytes = new PacedStream(opened, _up, PacerOf(rate));
        while (true)
        {
            bytes.Position = held;
            using var put = new HttpRequestMessage(HttpMethod.Put, route);
            put.Headers.Add(LinkRoutes.DigestHeader, upload.Digest.Hex);
            put.Headers.Add(LinkRoutes.NumExamplesHeader, upload.NumExamples.ToString(CultureInfo.InvariantCulture));
            put.Headers.Add(LinkRoutes.LengthHeader, bytes.Length.ToString(CultureInfo.InvariantCulture));
            put.Headers.Add(LinkRoutes.OffsetHeader, held.ToString(CultureInfo.InvariantCulture));
            if (upload.Encoding is not null)
            {
                put.Headers.Add(LinkRoutes.EncodingHeader, upload.Encoding);
            }

            put.Content = new UpdateBody(bytes, bytes.Length - held, () =>
            {
                idle.Moved();
                SiteSteps.Reach(StepNames.Uploading, upload.Id);
            });
            using var response = await idle.GuardAsync(token => _bulk.SendAsync(put, token));
            var before = held;
            (result, held) = await ReadAsync(response, cancellationToken);
            if (result is not null)
            {
                return result;
            }

            if (held <= before && before > 0)
            {
                throw new IOException("The centre has lost bytes of this update.");
            }
        }
    }

    public void Dispose()
    {
        _bulk.Dispose();
        _channel.Dispose();
    }

    private static async Task BeatAsync(
        IClientStreamWriter<AttendUp> stream, TimeSpan interval, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(interval, time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await stream.WriteAsync(new AttendUp { Heartbeat = new Heartbeat() }, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or RpcException or InvalidOperationException)
        {
            // The stream has ended; reading from it tells why.
        }
    }

    private SiteInbox Read(NextAssignmentReply reply) => new(
        reply.Version, [.. reply.Assignments.Select(Read).OfType<SiteAssignment>()], reply.ComeBackIn?.ToTimeSpan() ?? TimeSpan.Zero);

    private SiteAssignment? Read(Assignment wire)
    {
        var assignment = AssignmentWire.Read(wire);
        if (assignment is not null)
        {
            _toldModels.Keep(assignment.Model, wire.Model.Memory);
        }

        return assignment;
    }

    /// <summary>Asks how much of an update the centre holds already, and how fast it takes more.</summary>
    private async Task<(UploadResult? Result, long Held, long Rate)> HeldAsync(
        string route, UpdateUpload upload, IdleLimit idle, CancellationToken cancellationToken)
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, route);
        head.Headers.Add(LinkRoutes.DigestHeader, upload.Digest.Hex);
        using var response = await idle.GuardAsync(token => _bulk.SendAsync(head, token));
        var (result, held) = await ReadAsync(response, cancellationToken);
        return (result, held, Number(response, LinkRoutes.RateHeader));
    }

    private static async Task<(UploadResult? Result, long Held)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var epoch = Number(response, LinkRoutes.EpochHeader);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => (new(UploadVerdict.Counted, epoch), 0),
            HttpStatusCode.Accepted => (null, Number(response, LinkRoutes.HeldHeader)),
            HttpStatusCode.Conflict => (new(UploadVerdict.Stale, epoch), 0),
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => (new(UploadVerdict.Busy, epoch), 0),
            HttpStatusCode.UnprocessableEntity =>
                (new(UploadVerdict.Refused, epoch, await response.Content.ReadAsStringAsync(cancellationToken)), 0),
            _ => throw new IOException($"The centre answered an upload with {(int)response.StatusCode}."),
        };
    }

    private static long Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private BytePacer? PacerOf(long bytesPerSecond) => bytesPerSecond > 0 ? new BytePacer(bytesPerSecond, _time) : null;

    private async Task<bool> ReportAsync(ReportRequest request, CancellationToken cancellationToken) =>
        (await CallAsync(options => _control.ReportAsync(request, options), cancellationToken)).Wanted;

    /// <summary>Makes a call that is given up when it takes too long.</summary>
    /// <remarks>gRPC's own deadline is a time of day: where the clock is set back, a call that nobody answers would last until that time comes.</remarks>
    private async Task<T> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> begin, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(CallDeadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var call = begin(new CallOptions(cancellationToken: either.Token));
        try
        {
            return await call;
        }
        catch (RpcException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"The centre did not answer within {CallDeadline.TotalSeconds:0} s."));
        }
    }
}
