using FederatedOrleans.Aggregation;
using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Plans;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Simulation.Faults;

/// <summary>What must be true of a run whatever has happened to it.</summary>
internal static class Invariants
{
    /// <summary>Everything that is not as it must be; nothing where all is well.</summary>
    public static async Task<List<string>> ViolationsAsync(
        FaultyFederation federation, RunSummary summary, TrainingPlan plan, int minimumReports)
    {
        var violations = federation.Record.Violations.ToList();
        var simulation = federation.Simulation;
        if (summary.Status != RunStatus.Completed)
        {
            // Only link and machine failed, and attempts are many: there is no reason to give a round up for good.
            violations.Add($"the run is {summary.Status}: {summary.Reason}");
        }

        var versions = await simulation.VersionsAsync(summary.Run, federation.Token);
        if (!versions.Select(version => version.Manifest.Round).SequenceEqual(Enumerable.Range(1, summary.CommittedRounds)))
        {
            violations.Add("the rounds of the manifests are not each of them once");
        }

        var model = await simulation.ReadModelAsync(summary.Run, 0, federation.Token);
        ParameterVector? moments = null;
        foreach (var manifest in versions.Select(version => version.Manifest))
        {
            var at = $"round {manifest.Round}";
            var counted = manifest.Participants;
            if (counted.Length < minimumReports)
            {
                violations.Add($"{at} is committed with {counted.Length}, fewer than {minimumReports}");
            }

            if (counted.Select(update => update.Hospital).Distinct(StringComparer.Ordinal).Count() != counted.Length)
            {
                violations.Add($"{at} counts a hospital twice");
            }

            if (manifest.ModelBefore != ContentDigest.Of(model.AsBytes().Span))
            {
                violations.Add($"{at} began from another model than the one before it");
            }

            if (counted.FirstOrDefault(update => federation.Record.UpdateOf(update.Hospital, update.Digest) is null) is { } unknown)
            {
                violations.Add($"{at} counts an update that {unknown.Hospital} never sent");
                continue;
            }

            // The cohort's groups, in ordinal order of hospitals, whoever of them is counted.
            var cohort = counted.Select(update => update.Hospital).Concat(manifest.LeftOut.Select(left => left.Hospital)).Order(StringComparer.Ordinal);
            var aggregate = Aggregators.For(plan, manifest.Round).AggregateGroups(
                cohort.Chunk(plan.Aggregator.GroupSize).Select(group => counted
                    .Where(update => group.Contains(update.Hospital))
                    .Select(update => (update.Hospital, federation.Record.UpdateOf(update.Hospital, update.Digest)!, update.NumExamples))),
                model.Length);
            (model, moments) = ServerOptimizers.For(plan.ServerOptimizer).Step(model, aggregate, moments);
            if (manifest.StateAfter?.Moments is { } kept && kept != moments.Digest)
            {
                violations.Add($"{at}: the moments are not what its counted updates give");
            }

            var stored = await simulation.ReadModelAsync(summary.Run, manifest.Round, federation.Token);
            if (manifest.ModelAfter != ContentDigest.Of(model.AsBytes().Span) || manifest.ModelAfter != ContentDigest.Of(stored.AsBytes().Span))
            {
                violations.Add($"{at}: the model is not what its counted updates give");
            }
        }

        foreach (var hospital in Toy.Hospitals)
        {
            var included = versions.Count(version => version.Manifest.Participants.Any(update => update.Hospital == hospital));
            var iterator = (await federation.ParticipantAsync(hospital, summary.Run)).Memory.Iterator;
            var rows = (iterator.Pass * Toy.TrainRows) + iterator.Position;
            if (rows != included * Toy.RowsARound)
            {
                violations.Add($"{hospital} is included {included} times, but stands at row {rows}");
            }
        }

        return violations;
    }
}
