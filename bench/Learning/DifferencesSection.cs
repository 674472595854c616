using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Plans;
using FederatedOrleans.Simulation;
using FederatedOrleans.Simulation.Reports;

namespace FederatedOrleans.Bench.Learning;

/// <summary>The part of docs/results.md that tells how the hospitals differ, and what each one's model is worth at the others.</summary>
internal static class DifferencesSection
{
    private const string Global = "FedAvg";

    /// <summary>Measures, and gives the lines.</summary>
    /// <param name="simulation">The simulation of the hospitals.</param>
    /// <param name="hospitals">They, in the order of the columns.</param>
    /// <param name="planOf">The plan of a seed: FedAvg, whose preprocessing each hospital does by itself.</param>
    /// <param name="statistics">A plan of the same data whose preprocessing names ranges and bins.</param>
    /// <param name="seeds">Seeds.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IReadOnlyList<string>> MeasureAsync(
        FederationSimulation simulation,
        IReadOnlyList<SimulatedHospital> hospitals,
        Func<int, byte[]> planOf,
        JsonNode statistics,
        int seeds,
        CancellationToken cancellationToken)
    {
        var matrices = new List<ImmutableArray<CrossSiteRow>>();
        var differences = new List<ImmutableArray<HospitalDifference>>();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var bytes = planOf(seed);
            var run = await simulation.SubmitAsync(bytes, cancellationToken);
            await simulation.CompletionAsync(run, cancellationToken);
            var model = await simulation.ReadModelAsync(run, cancellationToken: cancellationToken);
            matrices.Add(await new SiteReports(PlanOf(bytes), hospitals).CrossSiteAsync(Global, model, cancellationToken));
            statistics["seed"] = seed;
            differences.Add(await new SiteReports(PlanOf(Encoding.UTF8.GetBytes(statistics.ToJsonString())), hospitals).DifferencesAsync(cancellationToken));
        }

        string[] names = [.. hospitals.Select(hospital => hospital.Id)];
        return
        [
            "",
            "## How the hospitals differ",
            "",
            "Of their training rows: share of ill patients; total variation of the label from that of all 486 rows (0: alike, 1: nothing in common), and of the features' histograms by the",
            "bins of samples/plans/heart-disease-statistics.json, the mean and the farthest; and the cosine of the first update with the mean of the others', from the same",
            $"start with common preprocessing, mean over {seeds} seeds. With small hospitals a part of the distance is chance: there are few rows to a bin.",
            "",
            "| hospital | training rows | ill | label distance | mean feature distance | farthest feature | cosine of updates |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            .. differences[0].Select((each, index) => $"| {each.Hospital} | {each.Rows} | {Figure(each.PositiveShare)} | {Figure(each.LabelDistance)} | {Figure(each.FeatureDistance)} | "
                + $"{each.FarthestFeature} {Figure(each.FarthestDistance)} | {Figure(differences.Average(seed => seed[index].UpdateCosine))} |"),
            "",
            "## Each hospital's model at every hospital",
            "",
            $"Rows are models: of one hospital's training rows alone, of all four by FedAvg, of all rows in one place; each with learning rate .01 and 1,500 steps of 4 rows at a hospital; mean over {seeds} seeds.",
            "Columns are whose test rows: accuracy, and balanced accuracy in brackets, which a model that always gives the same answer has as .5000.",
            "",
            $"| model | {string.Join(" | ", names)} |",
            $"| --- |{string.Concat(names.Select(_ => " --- |"))}",
            .. matrices[0].Select((row, index) => $"| {row.Model} | {string.Join(" | ", names.Select((_, hospital) => Cell(matrices, index, hospital)))} |"),
            $"| majority class | {string.Join(" | ", matrices[0][0].Metrics.Select(metrics => $"{Figure(metrics.MajorityRate)} (.5000)"))} |",
        ];
    }

    private static string Cell(IReadOnlyList<ImmutableArray<CrossSiteRow>> matrices, int row, int hospital)
    {
        EvaluationMetrics[] seeds = [.. matrices.Select(matrix => matrix[row].Metrics[hospital])];
        return $"{Figure(seeds.Average(metrics => metrics.Accuracy))} ({Figure(seeds.Average(metrics => metrics.BalancedAccuracy))})";
    }

    private static TrainingPlan PlanOf(byte[] bytes)
    {
        var (plan, faults) = TrainingPlanReader.Read(bytes);
        return plan ?? throw new FederationException(string.Join("; ", faults));
    }

    private static string Figure(double? value) => value is { } known ? known.ToString("#.0000", CultureInfo.InvariantCulture) : "-";
}
