using System.Collections.Immutable;
using FederatedOrleans.Availability;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Link.V1;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Wire = FederatedOrleans.Link.V1;

namespace FederatedOrleans.Hospitals;

/// <summary>The link's control calls: identity from the certificate, translate, one grain call, translate back.</summary>
internal sealed class HospitalLinkService(
    IGrainFactory grains, ShortModels shortModels, IOptions<CentreOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
    : HospitalLink.HospitalLinkBase
{
    private const int MostDatasets = 256;
    private const int MostText = 100;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestAway = TimeSpan.FromHours(1);

    public override async Task Attend(
        IAsyncStreamReader<AttendUp> requestStream, IServerStreamWriter<AttendDown> responseStream, ServerCallContext context)
    {
        var identity = HospitalIdentity.Of(context.GetHttpContext());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        if (!await requestStream.MoveNext(ending.Token) || requestStream.Current.Hello is not { } hello)
        {
            throw Invalid("The first message is Hello.");
        }

        var calendar = CalendarOf(hello);
        var hospital = Hospital(identity);
        var stream = new AttendStream();
        var observer = grains.CreateObjectReference<IHospitalObserver>(stream);
        try
        {
            await responseStream.WriteAsync(
                new AttendDown
                {
                    Welcome = new Welcome
                    {
                        Federation = options.Value.Federation,
                        HeartbeatInterval = options.Value.HeartbeatInterval.ToDuration(),
                    },
                },
                ending.Token);
            async Task IntroduceAsync()
            {
                await hospital.PublishAvailabilityAsync(calendar, ending.Token);
                await hospital.AttendAsync(observer, Short(hello.NodeVersion), DatasetsOf(hello), ending.Token);
            }

            await IntroduceAsync();
            var heartbeats = HearAsync(requestStream, () => hospital.HeartbeatAsync(observer, ending.Token), IntroduceAsync, ending.Token);
            var told = TellAsync(stream, calendar, responseStream, ending.Token);
            await Task.WhenAny(heartbeats, told);
            await ending.CancelAsync();
            await Task.WhenAll(heartbeats, told);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or RpcException or InvalidOperationException)
        {
            // The hospital went away, or this silo stops: the lease tells the rest.
        }
        finally
        {
            await hospital.LeaveAsync(observer, CancellationToken.None);
            grains.DeleteObjectReference<IHospitalObserver>(observer);
        }
    }

    public override async Task<NextAssignmentReply> NextAssignment(NextAssignmentRequest request, ServerCallContext context)
    {
        var hospital = Hospital(context);
        var inbox = await hospital.InboxAsync(context.CancellationToken);
        var calendar = inbox.Assignments.IsEmpty ? (await hospital.ViewAsync(context.CancellationToken)).Availability : null;
        return ReplyOf(inbox, calendar);
    }

    public override async Task<AnswerReply> Answer(AnswerRequest request, ServerCallContext context)
    {
        Check(request.Run, request.Round);
        var hospital = HospitalIdentity.Of(context.GetHttpContext()).Hospital;
        if (request.Attempt == 0)
        {
            // Attempt 0 is an evaluation: it can only be declined.
            return new AnswerReply
            {
                Taken = await Evaluation(request.Run, request.Round)
                    .DeclineAsync(hospital, LinkWording.Of(request.Reason), context.CancellationToken),
            };
        }

        var verdict = await Coordinator(request.Run, request.Round).AnswerAsync(
            hospital, request.Attempt, request.Accepted ? null : LinkWording.Of(request.Reason), context.CancellationToken);
        return new AnswerReply { Taken = verdict is RoundVerdict.Applied or RoundVerdict.Duplicate };
    }

    public override async Task<ReportReply> Report(ReportRequest request, ServerCallContext context)
    {
        Check(request.Run, request.Round);
        var hospital = HospitalIdentity.Of(context.GetHttpContext()).Hospital;
        var cancellationToken = context.CancellationToken;
        var wanted = request.KindCase switch
        {
            ReportRequest.KindOneofCase.Progress => await Coordinator(request.Run, request.Round).ActivityAsync(
                hospital, request.Attempt, ActivityOf(request.Progress), cancellationToken)
                is RoundVerdict.Applied or RoundVerdict.NothingDue or RoundVerdict.Duplicate,
            ReportRequest.KindOneofCase.Failure => await Coordinator(request.Run, request.Round).UpdateRefusedAsync(
                hospital, request.Attempt, LinkWording.Of(request.Failure), cancellationToken)
                is RoundVerdict.Applied or RoundVerdict.Duplicate,
            ReportRequest.KindOneofCase.Evaluation => await Evaluation(request.Run, request.Round).ReportAsync(
                hospital, MetricsReader.Read(request.Evaluation), cancellationToken),
            _ => throw Invalid("The report is empty."),
        };
        return new ReportReply { Wanted = wanted };
    }

    public override async Task<OutcomeReply> Outcome(OutcomeRequest request, ServerCallContext context)
    {
        Check(request.Run, request.Round);
        var hospital = HospitalIdentity.Of(context.GetHttpContext()).Hospital;
        var outcome = await grains.Grain<IRunLifecycleGrain>(GrainKeys.Run(request.Run))
            .OutcomeAsync(request.Round, request.Attempt, hospital, context.CancellationToken);
        return new OutcomeReply
        {
            Kind = outcome.Decision switch
            {
                RoundDecision.Pending => OutcomeKind.Pending,
                RoundDecision.Committed when !outcome.Included.IsNone => OutcomeKind.Included,
                _ => OutcomeKind.NotIncluded,
            },
            UpdateDigest = outcome.Included.Hex,
        };
    }

    private static async Task HearAsync(
        IAsyncStreamReader<AttendUp> requests, Func<Task<bool>> beatAsync, Func<Task> introduceAsync, CancellationToken cancellationToken)
    {
        while (await requests.MoveNext(cancellationToken))
        {
            if (!await beatAsync())
            {
                // The hospital's grain has moved, or its Silo died: nobody there knows the hospital's data sets and hours.
                await introduceAsync();
            }
        }
    }

    private async Task TellAsync(
        AttendStream stream, WeeklyAvailability? calendar, IServerStreamWriter<AttendDown> responses, CancellationToken cancellationToken)
    {
        var models = new ToldModels(shortModels);
        await foreach (var inbox in stream.ReadAllAsync(cancellationToken))
        {
            var wakeUp = new WakeUp { Now = inbox is null ? null : ReplyOf(inbox, calendar) };
            if (wakeUp.Now is not null)
            {
                await models.AddToAsync(wakeUp.Now, cancellationToken);
            }

            await responses.WriteAsync(new AttendDown { WakeUp = wakeUp }, cancellationToken);
        }
    }

    private NextAssignmentReply ReplyOf(HospitalInbox inbox, WeeklyAvailability? calendar)
    {
        var reply = new NextAssignmentReply
        {
            ComeBackIn = (inbox.Assignments.IsEmpty ? ComeBackIn(calendar) : PollInterval).ToDuration(),
            Version = inbox.Version,
        };
        reply.Assignments.AddRange(inbox.Assignments.Select(assignment => new Assignment
        {
            Run = assignment.Run,
            Round = assignment.Round,
            Attempt = assignment.Attempt,
            Epoch = assignment.Epoch,
            Stage = assignment.Stage switch
            {
                AssignmentStage.Invited => Stage.Invited,
                AssignmentStage.Wait => Stage.Wait,
                AssignmentStage.Train => Stage.Train,
                AssignmentStage.Evaluate => Stage.Evaluate,
                _ => Stage.Unspecified,
            },
            PlanDigest = assignment.PlanDigest.Hex,
            ModelDigest = assignment.Model.Hex,
            ControlDigest = assignment.Control.IsNone ? "" : assignment.Control.Hex,
            StatisticsDigest = assignment.Statistics.IsNone ? "" : assignment.Statistics.Hex,
            IncumbentDigest = assignment.Incumbent.IsNone ? "" : assignment.Incumbent.Hex,
            Deadline = assignment.Deadline.ToTimestamp(),
        }));
        return reply;
    }

    private static HospitalActivity ActivityOf(TrainingProgress progress) => new()
    {
        Kind = progress.Activity switch
        {
            Activity.Downloading => ActivityKind.Downloading,
            Activity.Uploading => ActivityKind.Uploading,
            Activity.Paused => ActivityKind.Paused,
            _ => ActivityKind.Training,
        },
        StepsDone = Math.Max(0, progress.StepsDone),
        StepsTotal = Math.Max(0, progress.StepsTotal),
        BytesDone = Math.Max(0, progress.BytesDone),
        BytesTotal = Math.Max(0, progress.BytesTotal),
    };

    private static ImmutableArray<OfferedDataset> DatasetsOf(Hello hello)
    {
        if (hello.Datasets.Count > MostDatasets)
        {
            throw Invalid($"At most {MostDatasets} datasets.");
        }

        return
        [
            .. hello.Datasets.Select(dataset => Identifier.IsValid(dataset.Name) && ContentDigest.TryParse(dataset.SchemaDigest, out var digest)
                ? new OfferedDataset(dataset.Name, digest, dataset.RowCountBucket)
                : throw Invalid("A dataset's name or schema digest is malformed.")),
        ];
    }

    private static WeeklyAvailability? CalendarOf(Hello hello)
    {
        if (hello.Calendar is null)
        {
            return null;
        }

        var (calendar, fault) = CalendarReader.Read(hello.Calendar);
        return fault is null ? calendar : throw Invalid($"The calendar can't be used: {fault}.");
    }

    // A hospital that is closed is asked nothing before it opens; what is urgent wakes it up.
    private TimeSpan ComeBackIn(WeeklyAvailability? calendar)
    {
        var now = time.GetUtcNow();
        var away = calendar?.IsOpen(now) ?? true ? PollInterval : calendar.NextOpen(now) - now ?? LongestAway;
        return away < PollInterval ? PollInterval : away > LongestAway ? LongestAway : away;
    }

    private static void Check(string run, int round)
    {
        if (!Identifier.IsValid(run) || round < 0)
        {
            throw Invalid("The run or the round is malformed.");
        }
    }

    private static string Short(string text) => text.Length > MostText ? text[..MostText] : text;

    /// <summary>What answers a message that is no such one.</summary>
    internal static RpcException Invalid(string reason) => new(new Status(StatusCode.InvalidArgument, reason));

    private IHospitalGrain Hospital(ServerCallContext context) => Hospital(HospitalIdentity.Of(context.GetHttpContext()));

    private IHospitalGrain Hospital(HospitalIdentity identity) =>
        grains.Grain<IHospitalGrain>(GrainKeys.Hospital(identity.Hospital));

    private IRoundCoordinatorGrain Coordinator(string run, int round) =>
        grains.Grain<IRoundCoordinatorGrain>(GrainKeys.Round(run, round));

    private IEvaluationGrain Evaluation(string run, int version) =>
        grains.Grain<IEvaluationGrain>(GrainKeys.Evaluation(run, version));
}
