using FederatedOrleans.Data;
using FederatedOrleans.Data.Statistics;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Encodings;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>The statistics round, and what it brings for the rounds after it.</summary>
internal sealed partial class SiteJobs
{
    /// <summary>What this hospital gives to the statistics round. It leaves nothing behind: the first training begins afresh.</summary>
    private async Task<OutboxEntry> CountAsync(SiteAssignment assignment, TrainingPlan plan, ParticipantMemory memory, CancellationToken cancellationToken)
    {
        if (plan.Preprocessing is null)
        {
            throw new DatasetException($"Plan {plan.Name} has no preprocessing: there is nothing to count for it.");
        }

        var dataset = await Computation.RunAsync(() => datasets.LoadAsync(plan.Dataset.Name, cancellationToken));
        await NoteUseAsync(assignment, plan, cancellationToken);
        var sums = await Computation.RunAsync(() => Task.Run(() => StatisticsCollector.Collect(plan, dataset, cancellationToken), cancellationToken));
        var encoded = ErrorFeedback.Encode(sums, null, plan.InRound(TrainingPlan.StatisticsRound).Transfer);
        var digest = await outbox.PutAsync(assignment.Id, encoded.Bytes, cancellationToken);
        SiteSteps.Reach(StepNames.OutboxWritten, assignment.Id);
        LogCountedRows(logger, context.Hospital, assignment.Id);
        return new OutboxEntry
        {
            Id = assignment.Id,
            Digest = digest,
            NumExamples = dataset.TrainRows.Length,
            Encoding = encoded.Format == UpdateFormat.Raw ? null : encoded.Format.Tag,
            Staged = memory,
        };
    }

    /// <summary>The preprocessing by what the statistics round has committed; null where the plan has none.</summary>
    private async Task<FittedPreprocessing?> FittedAsync(TrainingPlan plan, ContentDigest statistics, CancellationToken cancellationToken) => plan.Preprocessing is null
        ? null
        : statistics.IsNone
        ? throw new DatasetException($"Plan {plan.Name} preprocesses by statistics of all hospitals, and the centre has sent none.")
        : FittedPreprocessing.Fit(
            plan, await cache.GetVectorAsync(statistics, ModelSchema.For(plan.InRound(TrainingPlan.StatisticsRound)).Length, cancellationToken));
}
