using FederatedOrleans.Data;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Site.Approvals;
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
    Outbox outbox,
    ContentCache cache,
    TimeProvider time,
    ILogger logger)
{
    private (LocalDataset Dataset, Standardization? Fitted, PreparedDataset Prepared)? _prepared;

    /// <summary>Trains, unless the outbox holds the update already, and uploads. True where nothing is left to do in this epoch.</summary>
    public async Task<bool> TrainAsync(
        SiteAssignment assignment, SitePlans plans, SiteConsent consent, SiteActivity activity, CancellationToken cancellationToken)
    {
        var participant = grains.GetGrain<IParticipantGrain>(SiteKeys.Participant(context.Hospital, assignment.Id.Run));
        var state = await participant.StateAsync(cancellationToken);
        if (state.Outbox is { } entry && entry.Id == assignment.Id)
        {
            return await UploadAsync(assignment, entry, cancellationToken);
        }

        var plan = await plans.GetAsync(assignment.PlanDigest, cancellationToken);
        if (await consent.AskAsync(plan, assignment.PlanDigest, cancellationToken) != SiteRefusal.None
            || await participant.AcceptAsync(assignment.Id, cancellationToken) != SiteRefusal.None)
        {
            // An approval withdrawn after acceptance, or an attempt that is settled here.
            await link.ReportFailureAsync(assignment.Id, SiteFailure.Internal, cancellationToken);
            return true;
        }

        try
        {
            entry = await ProduceAsync(assignment, plan!, state.Memory, activity, cancellationToken);
        }
        catch (TrainingDivergedException)
        {
            LogDiverged(logger, context.Hospital, assignment.Id);
            return await FailAsync(participant, assignment, SiteFailure.Diverged, cancellationToken);
        }
        catch (DatasetException exception)
        {
            LogDataFaulty(logger, context.Hospital, assignment.Id, exception.Message);
            return await FailAsync(participant, assignment, SiteFailure.DataFaulty, cancellationToken);
        }

        return !await participant.RecordAsync(entry, cancellationToken) || await UploadAsync(assignment, entry, cancellationToken);
    }

    /// <summary>Evaluates a committed model on the test rows and reports. True: there is nothing left to do.</summary>
    public async Task<bool> EvaluateAsync(
        SiteAssignment assignment, SitePlans plans, SiteConsent consent, CancellationToken cancellationToken)
    {
        var plan = await plans.GetAsync(assignment.PlanDigest, cancellationToken);
        var refusal = await consent.AskAsync(plan, assignment.PlanDigest, cancellationToken);
        if (refusal != SiteRefusal.None)
        {
            await link.AnswerAsync(assignment.Id, refusal, cancellationToken);
            return true;
        }

        var model = ParameterVector.FromBytes(await cache.GetAsync(assignment.Model, cancellationToken));
        var participant = grains.GetGrain<IParticipantGrain>(SiteKeys.Participant(context.Hospital, assignment.Id.Run));
        var memory = (await participant.StateAsync(cancellationToken)).Memory;
        var data = await PrepareAsync(plan!, memory, cancellationToken);
        if (data.Test.Count == 0)
        {
            await link.AnswerAsync(assignment.Id, SiteRefusal.DataFaulty, cancellationToken);
            return true;
        }

        var metrics = await Task.Run(() => ModelEvaluation.Evaluate(plan!, model, data), cancellationToken);
        await link.ReportEvaluationAsync(assignment.Id, metrics, cancellationToken);
        return true;
    }

    private async Task<bool> FailAsync(
        IParticipantGrain participant, SiteAssignment assignment, SiteFailure failure, CancellationToken cancellationToken)
    {
        await link.ReportFailureAsync(assignment.Id, failure, cancellationToken);
        await participant.SettleAsync(assignment.Id, default, cancellationToken);
        return true;
    }

    private async Task<OutboxEntry> ProduceAsync(
        SiteAssignment assignment, TrainingPlan plan, ParticipantMemory memory, SiteActivity activity, CancellationToken cancellationToken)
    {
        var model = ParameterVector.FromBytes(await cache.GetAsync(assignment.Model, cancellationToken));
        var data = await PrepareAsync(plan, memory, cancellationToken);
        await grains.GetGrain<IDatasetGrain>(SiteKeys.Dataset(context.Hospital, plan.Dataset.Name))
            .UsedAsync(assignment.PlanDigest, cancellationToken);

        var request = new TrainingRequest
        {
            Plan = plan,
            Hospital = context.Hospital,
            Data = data,
            Model = model,
            Iterator = memory.Iterator,
        };
        using var reporting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var progress = new LatestProgress(activity);
        var reports = ReportAsync(assignment, progress, reporting.Token);
        TrainingResult result;
        try
        {
            // Computation on a thread of its own: the pool's threads stay free for the link.
            result = await Task.Factory.StartNew(
                () => Trainers.For(plan.Model.Kind).Train(request, progress, cancellationToken),
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
        finally
        {
            await reporting.CancelAsync();
            await reports;
        }

        var digest = await outbox.PutAsync(assignment.Id, result.Update, cancellationToken);
        LogTrained(logger, context.Hospital, assignment.Id, progress.Latest.StepsTotal);
        return new OutboxEntry
        {
            Id = assignment.Id,
            Digest = digest,
            NumExamples = result.NumExamples,
            Staged = new ParticipantMemory { Iterator = result.Next, Standardization = data.Standardization },
        };
    }

    private async Task<PreparedDataset> PrepareAsync(TrainingPlan plan, ParticipantMemory memory, CancellationToken cancellationToken)
    {
        var dataset = await datasets.LoadAsync(plan.Dataset.Name, cancellationToken);
        if (_prepared is var (last, fitted, known) && ReferenceEquals(last, dataset) && memory.Standardization is not null
            && ReferenceEquals(fitted, memory.Standardization))
        {
            return known;
        }

        var prepared = memory.Standardization is { } kept
            ? PreparedDataset.For(plan, dataset, kept)
            : PreparedDataset.For(plan, dataset);
        _prepared = (dataset, memory.Standardization, prepared);
        return prepared;
    }

    private async Task ReportAsync(SiteAssignment assignment, LatestProgress progress, CancellationToken cancellationToken)
    {
        var reported = new TrainingProgress(0, 0);
        try
        {
            while (true)
            {
                await Task.Delay(context.ProgressInterval, time, cancellationToken);
                var latest = progress.Latest;
                if (latest == reported)
                {
                    continue;
                }

                reported = latest;
                try
                {
                    await link.ReportProgressAsync(assignment.Id, latest.StepsDone, latest.StepsTotal, cancellationToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException and not OutOfMemoryException)
                {
                    // A report lost is a report late: training goes on without the centre.
                    LogReportLost(logger, context.Hospital, LinkFault.Describe(exception));
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Training has ended.
        }
    }

    private async Task<bool> UploadAsync(SiteAssignment assignment, OutboxEntry entry, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(context.LongestBackOff);
        var epoch = assignment.Epoch;
        while (true)
        {
            try
            {
                var result = await link.UploadAsync(
                    new UpdateUpload
                    {
                        Id = entry.Id,
                        Epoch = epoch,
                        Digest = entry.Digest,
                        NumExamples = entry.NumExamples,
                        Open = () => outbox.Open(entry.Id),
                    },
                    cancellationToken);
                switch (result.Verdict)
                {
                    case UploadVerdict.Counted:
                        LogCounted(logger, context.Hospital, entry.Id);
                        return true;
                    case UploadVerdict.Refused:
                        LogRefused(logger, context.Hospital, entry.Id, result.Reason ?? "no reason given");
                        return true;
                    case UploadVerdict.Stale when result.Epoch > epoch:
                        epoch = result.Epoch;
                        continue;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException and not OutOfMemoryException)
            {
                LogUploadBroken(logger, context.Hospital, entry.Id, LinkFault.Describe(exception));
            }

            await Task.Delay(backOff.Next(), time, cancellationToken);
        }
    }
}
