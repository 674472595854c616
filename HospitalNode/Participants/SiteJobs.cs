using FederatedOrleans.Data;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Encodings;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Personalization;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Site.Approvals;
using FederatedOrleans.Site.Availability;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Site.Participants;

/// <summary>The work itself: train into the outbox and upload, or evaluate. It runs off every grain's turn and can be cancelled at any point.</summary>
internal sealed partial class SiteJobs(
    SiteContext context,
    IGrainFactory grains,
    IHospitalLink link,
    IDatasetCatalog datasets,
    Trainers trainers,
    Outbox outbox,
    SiteVectors residuals,
    SiteVectors controls,
    SiteVectors personals,
    ContentCache cache,
    SiteSettlement settlement,
    SiteAvailability availability,
    JobBoard board,
    TimeProvider time,
    ILogger logger)
{
    private readonly JobReporter _reporter = new(context, link, time, logger);
    private (LocalDataset Dataset, object? Fitted, PreparedDataset Prepared)? _prepared;

    /// <summary>Trains, unless the outbox holds the update already, and uploads. True where nothing is left to do in this epoch.</summary>
    public Task<bool> TrainAsync(
        SiteAssignment assignment, SitePlans plans, SiteConsent consent, SiteActivity activity, CancellationToken cancellationToken)
    {
        var progress = new JobProgress(activity, assignment.Id);
        return _reporter.ReportingAsync(
            assignment.Id, progress, () => TrainAsync(assignment, plans, consent, activity, progress, cancellationToken), cancellationToken);
    }

    private async Task<bool> TrainAsync(
        SiteAssignment assignment,
        SitePlans plans,
        SiteConsent consent,
        SiteActivity activity,
        JobProgress progress,
        CancellationToken cancellationToken)
    {
        var participant = Participant(assignment);
        var state = await participant.StateAsync(cancellationToken);
        if (state.Outbox is { } entry && entry.Id == assignment.Id)
        {
            return await UploadAsync(assignment, entry, isWhole: false, activity, progress, cancellationToken);
        }

        var plan = await plans.GetAsync(assignment.PlanDigest, cancellationToken);
        var refusal = await consent.AskAsync(plan, assignment.PlanDigest, cancellationToken);
        if (refusal == SiteRefusal.None)
        {
            refusal = await participant.AcceptAsync(assignment.Id, cancellationToken);
            if (refusal == SiteRefusal.Busy)
            {
                // An earlier update awaits its outcome. Once that is known, the next try begins from what it leaves.
                await settlement.SettleAsync(state.Outbox!.Id, cancellationToken);
                return false;
            }
        }

        if (refusal != SiteRefusal.None)
        {
            // An approval withdrawn after acceptance, data that can't be read any more, or an attempt that is settled here.
            var failure = refusal == SiteRefusal.DataFaulty ? SiteFailure.DataFaulty : SiteFailure.Internal;
            return await FailAsync(participant, assignment, failure, cancellationToken);
        }

        try
        {
            entry = assignment.Id.Round == TrainingPlan.StatisticsRound
                ? await CountAsync(assignment, plan!, state.Memory, cancellationToken)
                : await ProduceAsync(assignment, plan!, state.Memory, progress, cancellationToken);
        }
        catch (Exception exception) when (JobFault.Of(exception) is { } failure)
        {
            Tell(assignment, exception, activity);
            return await FailAsync(participant, assignment, failure, cancellationToken);
        }

        // Whoever trained is then off the stack, and holds the model no more.
        await Task.Yield();
        LargeMemory.Release(ModelSchema.OfUpdate(plan!).ByteLength);
        return !await participant.RecordAsync(entry, cancellationToken)
            || await UploadAsync(assignment, entry, isWhole: true, activity, progress, cancellationToken);
    }

    /// <summary>Says in the node's log and status why a job failed for good: the centre hears only the code.</summary>
    private void Tell(SiteAssignment assignment, Exception exception, SiteActivity activity)
    {
        // Texts of a dataset's faults hold no value of the data; of anything else only the kind is told.
        var fault = exception switch
        {
            DatasetException dataset => dataset.Message,
            TrainingDivergedException => "training diverged",
            _ => exception.Message,
        };
        activity.Failed($"{assignment.Id}: {fault}", time.GetUtcNow());
        switch (exception)
        {
            case TrainingDivergedException:
                LogDiverged(logger, context.Hospital, assignment.Id);
                break;
            case UnavailableException:
                LogUnavailable(logger, context.Hospital, assignment.Id, fault);
                break;
            case DatasetException:
                LogDataFaulty(logger, context.Hospital, assignment.Id, fault);
                break;
            default:
                LogComputationFailed(logger, context.Hospital, assignment.Id, fault);
                break;
        }
    }

    private async Task<bool> FailAsync(
        IParticipantGrain participant, SiteAssignment assignment, SiteFailure failure, CancellationToken cancellationToken)
    {
        await link.ReportFailureAsync(assignment.Id, failure, cancellationToken);
        await participant.SettleAsync(assignment.Id, default, cancellationToken);
        return true;
    }

    private async Task<OutboxEntry> ProduceAsync(
        SiteAssignment assignment, TrainingPlan plan, ParticipantMemory memory, JobProgress progress, CancellationToken cancellationToken)
    {
        var model = await cache.GetVectorAsync(assignment.Model, ModelSchema.For(plan).Length, cancellationToken, progress.Downloaded);
        var control = assignment.Control.IsNone
            ? null
            : await cache.GetVectorAsync(assignment.Control, model.Length, cancellationToken, progress.Downloaded);
        SiteSteps.Reach(StepNames.Downloaded, assignment.Id);
        var own = memory.Control is { } before
            ? await controls.ReadAsync(before, model.Length, cancellationToken) ?? throw new MemoryLostException("this hospital's control variate")
            : null;
        var fitted = await FittedAsync(plan, assignment.Statistics, cancellationToken);
        var data = await Computation.RunAsync(() => PrepareAsync(assignment, plan, memory, fitted, cancellationToken));
        if (!memory.Iterator.Fits(data.Train.Count))
        {
            // To begin another pass would hide that this run goes on with other records than it began with: people decide that.
            throw new DatasetException(
                $"Dataset {plan.Dataset.Name} has fewer training rows than this run has taken of its pass: rows were removed since the last round.");
        }

        await NoteUseAsync(assignment, plan, cancellationToken);
        var request = new TrainingRequest
        {
            Plan = plan,
            Hospital = context.Hospital,
            Round = assignment.Id.Round,
            Data = data,
            Model = model,
            Control = control,
            OwnControl = own,
            Iterator = memory.Iterator,
            MaxThreads = availability.MaxThreads,
        };
        var isDitto = plan.Personalization is { Name: Personalizations.Ditto };

        // Where rows were removed since, its next pass begins: the global model's place in the rows is what people must decide about.
        var personalIterator = memory.PersonalIterator.Fits(data.Train.Count)
            ? memory.PersonalIterator
            : new DataIteratorState { Pass = memory.PersonalIterator.Pass + 1 };
        var personal = isDitto ? await PersonalAsync(assignment, memory, model.Length, cancellationToken) : null;
        var (result, moved) = await TrainAsync(
            assignment,
            (gate, guarded) =>
            {
                var trained = trainers.For(plan).Train(request with { Gate = gate }, progress, guarded);
                return (trained, isDitto
                    ? PersonalModel.Train(trainers, request with { Gate = gate }, personal, personalIterator, progress, guarded)
                    : null);
            },
            progress,
            cancellationToken);
        var next = result.OwnControl is { } left ? await controls.PutAsync(assignment.Id, left, cancellationToken) : null;
        if (isDitto && moved is null)
        {
            LogPersonalDiverged(logger, context.Hospital, assignment.Id);
        }

        var kept = moved is { } trained ? await personals.PutAsync(assignment.Id, trained.Model, cancellationToken) : memory.Personal;
        var (encoded, residual) = await EncodeAsync(assignment, plan, memory, result.Update, cancellationToken);
        var digest = await outbox.PutAsync(assignment.Id, encoded.Bytes, cancellationToken);
        SiteSteps.Reach(StepNames.OutboxWritten, assignment.Id);
        LogTrained(logger, context.Hospital, assignment.Id, progress.Latest.StepsTotal);
        return new OutboxEntry
        {
            Id = assignment.Id,
            Digest = digest,
            NumExamples = result.NumExamples,
            Encoding = encoded.Format == UpdateFormat.Raw ? null : encoded.Format.Tag,
            Staged = new ParticipantMemory
            {
                Iterator = result.Next,
                Standardization = data.Standardization,
                Residual = residual,
                Control = next,
                Personal = kept,
                PersonalIterator = moved?.Next ?? memory.PersonalIterator,
            },
        };
    }

    private Task NoteUseAsync(SiteAssignment assignment, TrainingPlan plan, CancellationToken cancellationToken) => grains
        .GetGrain<IDatasetGrain>(SiteKeys.Dataset(context.Hospital, plan.Dataset.Name)).UsedAsync(assignment.PlanDigest, cancellationToken);

    /// <summary>Computation on a thread of its own, while the machine is free for it: the pool's threads stay free for the link.</summary>
    private Task<T> TrainAsync<T>(
        SiteAssignment assignment, Func<PauseGate?, CancellationToken, T> train, JobProgress progress, CancellationToken cancellationToken) =>
        Computation.RunAsync(() => availability.GuardAsync(
            (gate, guarded) => Task.Factory.StartNew(
                () => train(gate, guarded), guarded, TaskCreationOptions.LongRunning, TaskScheduler.Default),
            () => board.DeadlineOf(assignment),
            progress.Paused,
            cancellationToken));

    /// <summary>The hospital's own model as the included updates have left it; null before the first, or where its file is gone.</summary>
    private async Task<ParameterVector?> PersonalAsync(
        SiteAssignment assignment, ParticipantMemory memory, int length, CancellationToken cancellationToken)
    {
        if (memory.Personal is not { } entry)
        {
            return null;
        }

        var personal = await personals.ReadAsync(entry, length, cancellationToken);
        if (personal is null)
        {
            // It is nobody's but the hospital's: it begins again from the global model.
            LogPersonalGone(logger, context.Hospital, assignment.Id);
        }

        return personal;
    }

    /// <summary>The update as it travels; what its encoding loses is on the disk before the update is.</summary>
    private async Task<(EncodedUpdate Encoded, VectorEntry? Residual)> EncodeAsync(
        SiteAssignment assignment, TrainingPlan plan, ParticipantMemory memory, ParameterVector update, CancellationToken cancellationToken)
    {
        ParameterVector? lost = null;
        if (memory.Residual is { } entry)
        {
            lost = await residuals.ReadAsync(entry, update.Length, cancellationToken);
            if (lost is null)
            {
                // It would have made this update better; without it this update is as good as a first one.
                LogResidualGone(logger, context.Hospital, assignment.Id);
            }
        }

        var encoded = await Task.Run(() => ErrorFeedback.Encode(update, lost, plan.Transfer), cancellationToken);
        return (encoded, encoded.Residual is { } left ? await residuals.PutAsync(assignment.Id, left, cancellationToken) : null);
    }

    private async Task<PreparedDataset> PrepareAsync(
        SiteAssignment assignment, TrainingPlan plan, ParticipantMemory memory, FittedPreprocessing? federated, CancellationToken cancellationToken)
    {
        var dataset = await datasets.LoadAsync(plan.Dataset.Name, cancellationToken);
        object? fitted = federated is null ? memory.Standardization : (assignment.PlanDigest, assignment.Statistics);
        if (_prepared is var (last, by, known) && ReferenceEquals(last, dataset) && fitted is not null && Equals(by, fitted))
        {
            return known;
        }

        // Not both at once in memory.
        _prepared = null;
        var prepared = federated is not null ? PreparedDataset.For(plan, dataset, federated)
            : memory.Standardization is { } kept ? PreparedDataset.For(plan, dataset, kept)
            : PreparedDataset.For(plan, dataset);
        _prepared = (dataset, fitted, prepared);
        return prepared;
    }

    /// <summary>Uploads until the update counts or is refused for good.</summary>
    /// <param name="assignment">What it is for.</param>
    /// <param name="entry">What the outbox holds.</param>
    /// <param name="isWhole">Whether its file is known to be what the entry says; else that is looked at first.</param>
    /// <param name="activity">Where it is told what this hospital does.</param>
    /// <param name="progress">Where the bytes are told.</param>
    /// <param name="cancellationToken">Ends it; what the centre holds stays there.</param>
    private async Task<bool> UploadAsync(
        SiteAssignment assignment,
        OutboxEntry entry,
        bool isWhole,
        SiteActivity activity,
        JobProgress progress,
        CancellationToken cancellationToken)
    {
        var backOff = new BackOff(context.LongestBackOff);
        var epoch = assignment.Epoch;
        while (true)
        {
            try
            {
                isWhole = isWhole || await outbox.HoldsAsync(entry.Id, entry.Digest, cancellationToken);
                if (!isWhole)
                {
                    break;
                }

                var result = await link.UploadAsync(
                    new UpdateUpload
                    {
                        Id = entry.Id,
                        Epoch = epoch,
                        Digest = entry.Digest,
                        NumExamples = entry.NumExamples,
                        Encoding = entry.Encoding,
                        Open = () => Metered(outbox.Open(entry.Id), progress),
                    },
                    cancellationToken);
                switch (result.Verdict)
                {
                    case UploadVerdict.Counted:
                        SiteSteps.Reach(StepNames.Receipt, entry.Id);
                        LogCounted(logger, context.Hospital, entry.Id);
                        activity.Finished();
                        return true;
                    case UploadVerdict.Refused:
                        LogRefused(logger, context.Hospital, entry.Id, result.Reason ?? "no reason given");
                        return true;
                    case UploadVerdict.Stale when result.Epoch > epoch:
                        epoch = result.Epoch;
                        continue;
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
            {
                LogUploadBroken(logger, context.Hospital, entry.Id, LinkFault.Describe(exception));

                // What broke may have been the file.
                isWhole = false;
            }

            await Task.Delay(backOff.Next(), time, cancellationToken);
        }

        // The same update can't be made again: training would not be the one that was recorded. The entry stays until the outcome is
        // known, because an earlier epoch may have counted the bytes.
        LogUpdateGone(logger, context.Hospital, entry.Id);
        activity.Failed($"{entry.Id}: the update is gone from the outbox, or its file has changed", time.GetUtcNow());
        await link.ReportFailureAsync(entry.Id, SiteFailure.Internal, cancellationToken);
        return true;
    }

    private static MeteredStream Metered(Stream bytes, JobProgress progress)
    {
        var total = bytes.Length;
        return new MeteredStream(bytes, done => progress.Uploaded(done, total));
    }

    private IParticipantGrain Participant(SiteAssignment assignment) =>
        grains.GetGrain<IParticipantGrain>(SiteKeys.Participant(context.Hospital, assignment.Id.Run));
}
