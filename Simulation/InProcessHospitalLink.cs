using System.Collections.Immutable;
using System.Reflection;
using FederatedOrleans.Availability;
using FederatedOrleans.Blobs;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Identity;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Updates;
using Offered = FederatedOrleans.Site.Link.OfferedDataset;

namespace FederatedOrleans.Simulation;

/// <summary>The link without a network: each call is the grain calls that the link's server would make for the hospital it was made for.</summary>
internal sealed class InProcessHospitalLink(
    string hospital,
    TimeSpan heartbeatInterval,
    IGrainFactory grains,
    IBlobStore blobs,
    UpdateIntake intake,
    TimeProvider time,
    WeeklyAvailability? availability = null) : IHospitalLink
{
    private const int CopyBytes = 256 * 1024;
    private static readonly string Version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);

    private readonly IHospitalGrain _hospital = grains.Grain<IHospitalGrain>(GrainKeys.Hospital(hospital));

    public async Task AttendAsync(ImmutableArray<Offered> datasets, Action opened, Action<SiteInbox?> told, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stream = new InProcessObserver(inbox => told(inbox is null ? null : Read(inbox)), ending);
        var observer = grains.CreateObjectReference<IHospitalObserver>(stream);
        try
        {
            await IntroduceAsync(observer, datasets, cancellationToken);
            opened();
            using var timer = new PeriodicTimer(heartbeatInterval, time);
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                if (!await _hospital.HeartbeatAsync(observer, ending.Token))
                {
                    await IntroduceAsync(observer, datasets, ending.Token);
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The centre has dropped the stream: for the site it has ended.
        }
        finally
        {
            await _hospital.LeaveAsync(observer, CancellationToken.None);
            grains.DeleteObjectReference<IHospitalObserver>(observer);

            // An object reference does not keep its object alive.
            GC.KeepAlive(stream);
        }
    }

    public async Task<SiteInbox> NextAsync(CancellationToken cancellationToken) => Read(await _hospital.InboxAsync(cancellationToken));

    public async Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken)
    {
        if (id.Attempt == 0)
        {
            // Attempt 0 is an evaluation: it can only be declined.
            return await Evaluation(id).DeclineAsync(hospital, SiteWording.Of(refusal), cancellationToken);
        }

        var reason = refusal == SiteRefusal.None ? null : SiteWording.Of(refusal);
        return await Coordinator(id).AnswerAsync(hospital, id.Attempt, reason, cancellationToken)
            is RoundVerdict.Applied or RoundVerdict.Duplicate;
    }

    public async Task<bool> ReportProgressAsync(AttemptId id, SiteProgress progress, CancellationToken cancellationToken) =>
        await Coordinator(id).ActivityAsync(
            hospital,
            id.Attempt,
            new HospitalActivity
            {
                Kind = progress.Work switch
                {
                    SiteWork.Downloading => ActivityKind.Downloading,
                    SiteWork.Uploading => ActivityKind.Uploading,
                    SiteWork.Paused => ActivityKind.Paused,
                    _ => ActivityKind.Training,
                },
                StepsDone = progress.StepsDone,
                StepsTotal = progress.StepsTotal,
                BytesDone = progress.BytesDone,
                BytesTotal = progress.BytesTotal,
            },
            cancellationToken)
            is RoundVerdict.Applied or RoundVerdict.NothingDue or RoundVerdict.Duplicate;

    public async Task<bool> ReportFailureAsync(AttemptId id, SiteFailure failure, CancellationToken cancellationToken) =>
        await Coordinator(id).UpdateRefusedAsync(hospital, id.Attempt, SiteWording.Of(failure), cancellationToken)
            is RoundVerdict.Applied or RoundVerdict.Duplicate;

    public Task<bool> ReportEvaluationAsync(AttemptId id, EvaluationMetrics metrics, CancellationToken cancellationToken) =>
        Evaluation(id).ReportAsync(hospital, metrics, cancellationToken);

    public async Task<SiteOutcome> OutcomeAsync(AttemptId id, CancellationToken cancellationToken)
    {
        var outcome = await grains.Grain<IRunLifecycleGrain>(GrainKeys.Run(id.Run))
            .OutcomeAsync(id.Round, id.Attempt, hospital, cancellationToken);
        return outcome.Decision switch
        {
            RoundDecision.Pending => new(false, default),
            RoundDecision.Committed => new(true, outcome.Included),
            _ => new(true, default),
        };
    }

    public async Task<bool> DownloadAsync(ContentDigest digest, long offset, Stream target, CancellationToken cancellationToken)
    {
        await using var content = await blobs.OpenAsync(digest, cancellationToken);
        if (content is null)
        {
            return false;
        }

        if (offset < content.Length)
        {
            content.Position = offset;
            await content.CopyToAsync(target, CopyBytes, cancellationToken);
        }

        return true;
    }

    public async Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken)
    {
        await using var bytes = upload.Open();
        var address = new UpdateAddress
        {
            Hospital = hospital,
            Run = upload.Id.Run,
            Round = upload.Id.Round,
            Attempt = upload.Id.Attempt,
            Epoch = upload.Epoch,
            Digest = upload.Digest,
            Length = bytes.Length,
            Encoding = upload.Encoding,
        };
        var answer = await intake.HeldAsync(address, cancellationToken);
        while (true)
        {
            if (Read(answer) is { } result)
            {
                return result;
            }

            var held = bytes.Position = answer.Held;
            answer = await intake.AppendAsync(address, upload.NumExamples, held, bytes, cancellationToken);
            if (answer.Verdict == IntakeVerdict.Partial && answer.Held <= held && held > 0)
            {
                throw new IOException("The centre has lost bytes of this update.");
            }
        }
    }

    private async Task IntroduceAsync(IHospitalObserver observer, ImmutableArray<Offered> datasets, CancellationToken cancellationToken)
    {
        await _hospital.PublishAvailabilityAsync(availability, cancellationToken);
        await _hospital.AttendAsync(
            observer,
            Version,
            [.. datasets.Select(dataset => new Hospitals.OfferedDataset(dataset.Name, dataset.SchemaDigest, dataset.RowCountBucket))],
            cancellationToken);
    }

    private static UploadResult? Read(IntakeResult answer) => answer.Verdict switch
    {
        IntakeVerdict.Partial => null,
        IntakeVerdict.Counted => new(UploadVerdict.Counted, answer.Epoch),
        IntakeVerdict.Stale => new(UploadVerdict.Stale, answer.Epoch),
        IntakeVerdict.Busy => new(UploadVerdict.Busy, answer.Epoch),
        _ => new(UploadVerdict.Refused, answer.Epoch, answer.Reason),
    };

    private static SiteInbox Read(HospitalInbox inbox) => new(inbox.Version, [.. inbox.Assignments.Select(Read).OfType<SiteAssignment>()]);

    private static SiteAssignment? Read(HospitalAssignment assignment)
    {
        SiteStage? stage = assignment.Stage switch
        {
            AssignmentStage.Invited => SiteStage.Invited,
            AssignmentStage.Wait => SiteStage.Wait,
            AssignmentStage.Train => SiteStage.Train,
            AssignmentStage.Evaluate => SiteStage.Evaluate,
            _ => null,
        };
        return stage is null ? null : new SiteAssignment(
            new AttemptId(assignment.Run, assignment.Round, assignment.Attempt),
            assignment.Epoch,
            stage.Value,
            assignment.PlanDigest,
            assignment.Model,
            assignment.Deadline,
            assignment.Control,
            assignment.Statistics,
            assignment.Incumbent);
    }

    private IRoundCoordinatorGrain Coordinator(AttemptId id) =>
        grains.Grain<IRoundCoordinatorGrain>(GrainKeys.Round(id.Run, id.Round));

    private IEvaluationGrain Evaluation(AttemptId id) => grains.Grain<IEvaluationGrain>(GrainKeys.Evaluation(id.Run, id.Round));
}
