using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Bench.Images;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Runs;
using FederatedOrleans.Simulation;

namespace FederatedOrleans.Bench.Skew;

/// <summary><c>bench skew</c>: strategies compared fairly where hospitals' labels differ strongly, in docs/results-skew.md.</summary>
internal static class SkewCommand
{
    private const int TuningSeeds = 3;
    private const int FirstTuningSeed = 101;
    private static readonly double[] Rates = [0.003, 0.01, 0.03, 0.1, 0.3];

    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "Paired seeds", DefaultValueFactory = _ => 10 };
        var data = new Option<string?>("--data") { Description = "Folder of pneumoniamnist.npz; FEDERATED_DATA or ../shared/data where absent" };
        var command = new Command("skew", "A fair comparison of strategies under strong label skew, written to docs/results-skew.md") { seeds, data };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(seeds), parsed.GetValue(data), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int seeds, string? data, CancellationToken cancellationToken)
    {
        var cohort = await SkewedCohort.MakeAsync(ImageArchive.Find(data), cancellationToken);
        await using var simulation = await FederationSimulation.StartAsync(new SimulationOptions { Hospitals = cohort.Hospitals }, cancellationToken);
        var results = new List<SkewResult>();
        foreach (var strategy in SkewStrategy.All)
        {
            var tuned = new List<(double Rate, double Loss)>();
            foreach (var rate in Rates)
            {
                var runs = await MeasureAsync(simulation, strategy, rate, FirstTuningSeed, TuningSeeds, cancellationToken);

                // A rate at which a hospital's training diverges has no loss to compare.
                tuned.Add((rate, runs.Any(run => run is null) ? double.PositiveInfinity : runs.Average(run => SkewResult.ValidationLoss(run!))));
            }

            var best = tuned.MinBy(rate => rate.Loss).Rate;
            var measured = await MeasureAsync(simulation, strategy, best, 1, seeds, cancellationToken);
            results.Add(new(strategy, best, [.. measured.Select(run => run ?? throw new InvalidOperationException($"{strategy.Name}: a run ended early."))]));
            await Console.Error.WriteLineAsync($"{strategy.Name}: rate {best} of {string.Join(", ", tuned.Select(rate => $"{rate.Rate}: {rate.Loss:0.0000}"))}; test loss {results[^1].Mean(SkewResult.Loss):0.0000}");
        }

        await WriteAsync(seeds, cohort, results, cancellationToken);
        return 0;
    }

    /// <summary>Runs of a strategy, one a seed, all at once; null where one did not complete.</summary>
    private static async Task<IReadOnlyList<IReadOnlyList<EvaluationMetrics>?>> MeasureAsync(
        FederationSimulation simulation, SkewStrategy strategy, double rate, int firstSeed, int seeds, CancellationToken cancellationToken)
    {
        var runs = new List<string>();
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            runs.Add(await simulation.SubmitAsync(Plan(strategy, rate, seed), cancellationToken));
        }

        var metrics = new List<IReadOnlyList<EvaluationMetrics>?>();
        foreach (var run in runs)
        {
            var summary = await simulation.CompletionAsync(run, cancellationToken);
            metrics.Add(summary.Status == RunStatus.Completed
                ? [.. (await simulation.VersionsAsync(run, cancellationToken))[^1].Evaluations.Select(evaluation => evaluation.Metrics)]
                : null);
        }

        return metrics;
    }

    private static byte[] Plan(SkewStrategy strategy, double rate, int seed)
    {
        var plan = new JsonObject
        {
            ["version"] = 1,
            ["name"] = "skew",
            ["dataset"] = new JsonObject
            {
                ["name"] = "chest-x-rays",
                ["schema"] = new JsonObject { ["image"] = new JsonObject { ["height"] = 28, ["width"] = 28 }, ["label"] = "pneumonia" },
            },
            ["model"] = new JsonObject { ["kind"] = "mlp", ["hidden"] = new JsonArray(16) },
            ["training"] = new JsonObject { ["learningRate"] = rate, ["batchSize"] = 32, ["epochs"] = 3 },
            ["rounds"] = 10,
            ["seed"] = seed,
            ["evaluation"] = new JsonObject { ["everyRounds"] = 100_000 },
            ["round"] = new JsonObject { ["goalCount"] = SkewedCohort.Count, ["minimumReports"] = SkewedCohort.Count, ["attempts"] = 1 },
        };
        strategy.Change(plan);
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }

    private static async Task WriteAsync(int seeds, SkewedCohort cohort, IReadOnlyList<SkewResult> results, CancellationToken cancellationToken)
    {
        var reference = results[0];
        string[] lines =
        [
            "# Strategies under strong label skew",
            "",
            "Made by `bench skew`, through the grains of a simulation.",
            "",
            "PneumoniaMNIST's 4,708 training images over six hospitals by Dirichlet(0.3) a class (samples/datasets/chest-x-rays-split.json). Each hospital's own images are cut",
            "into training (60 %), validation (20 %) and test (20 %), class by class, so that a hospital is judged on patients like its own:",
            "",
            "| | " + string.Join(" | ", cohort.Hospitals.Select(hospital => hospital.Id)) + " |",
            "| --- |" + string.Concat(Enumerable.Repeat(" --- |", SkewedCohort.Count)),
            "| test images, normal + pneumonia | " + string.Join(" | ", cohort.TestCounts) + " |",
            "",
            $"A perceptron of 16 hidden units on pixels, 10 rounds of 3 epochs, batches of 32, all six in every round. Every strategy has the same grid of local rates ({string.Join(", ", Rates)});",
            $"the one with the smallest validation loss over {TuningSeeds} other seeds is taken, then {seeds} seeds are run, the same for all: starts and shuffles are paired. Loss is the",
            "log loss in nats of all test images, accuracy that of all test images, \"worst\" that of the hospital with the lowest in each run. Differences are those to FedAvg of the same seed, with the",
            "95 % interval of Student's t over the seeds; *real* where it leaves zero out. Of so many comparisons one may do so by chance; all are of one partition of one data set. A rate at",
            "the end of the grid says that there may be a better one beyond it.",
            "",
            "| strategy | rate | loss | difference | | accuracy | difference | | worst hospital | difference | |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            .. results.Where(result => result.Seeds[0][0].Personal is null).Select(result => $"| {result.Strategy.Name} | {RateOf(result)} | {Compared(result, reference, SkewResult.Loss)} | {Compared(result, reference, SkewResult.Accuracy)} | {Compared(result, reference, SkewResult.Worst)} |"),
            "",
            "Models of the hospitals' own beside the global one of the same run, on the same test images; the difference is to that global model:",
            "",
            "| strategy | rate | loss of own | difference | | accuracy of own | difference | | worst hospital | difference | |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            .. results.Where(result => result.Seeds[0][0].Personal is not null).Select(result =>
            {
                var own = result.Own();
                return $"| {result.Strategy.Name} | {RateOf(result)} | {Compared(own, result, SkewResult.Loss)} | {Compared(own, result, SkewResult.Accuracy)} | {Compared(own, result, SkewResult.Worst)} |";
            }),
        ];
        var text = string.Join('\n', lines) + "\n";
        Console.Write(text);
        await File.WriteAllTextAsync(Path.Combine(BenchFolders.Repository(), "docs", "results-skew.md"), text, cancellationToken);
    }

    private static string Compared(SkewResult result, SkewResult reference, Func<IReadOnlyList<EvaluationMetrics>, double> figure)
    {
        var mean = Figure(result.Mean(figure));
        if (ReferenceEquals(result, reference))
        {
            return $"{mean} | | ";
        }

        var (difference, half) = result.Against(reference, figure);
        return $"{mean} | {(difference < 0 ? "-" : "+")}{Figure(Math.Abs(difference))} +- {Figure(half)} | {(Math.Abs(difference) > half ? "*real*" : "")}";
    }

    private static string RateOf(SkewResult result) =>
        result.Rate.ToString(CultureInfo.InvariantCulture) + (result.Rate == Rates[0] || result.Rate == Rates[^1] ? " (end of the grid)" : "");

    private static string Figure(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
