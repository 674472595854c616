using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Cli;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Runs;
using FederatedOrleans.Simulation;

namespace FederatedOrleans.Bench.Learning;

/// <summary><c>bench results</c>: what the strategies reach on Fed-Heart-Disease, through the same grains as a real federation, in docs/results.md.</summary>
internal static class ResultsCommand
{
    private static readonly string[] Hospitals = ["cleveland", "hungarian", "switzerland", "va"];

    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "Seeds a strategy", DefaultValueFactory = _ => 20 };
        var data = new Option<string?>("--data") { Description = "Folder of the heart disease files; found as the demo finds it where absent" };
        var command = new Command("results", "Accuracy, AUC and log loss of every strategy on Fed-Heart-Disease, written to docs/results.md") { seeds, data };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(seeds), parsed.GetValue(data), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int seeds, string? asked, CancellationToken cancellationToken)
    {
        var root = BenchFolders.Repository();
        var (data, missing) = await DemoData.FindRealAsync(
            asked, CliContext.OfProcess(), root, Path.Combine(root, "artifacts", "data", "heart-disease"), cancellationToken);
        var folder = data?.Folder ?? throw new FederationException($"The heart disease files are nowhere: {missing}.");
        var hospitals = await Task.WhenAll(Hospitals.Select(hospital => SimulatedHospital.FromFilesAsync(
            hospital, [Path.Combine(root, "samples", "datasets", "heart-disease.json")], folder, cancellationToken)));
        await using var simulation = await FederationSimulation.StartAsync(new SimulationOptions { Hospitals = [.. hospitals] }, cancellationToken);

        var sample = await File.ReadAllTextAsync(Path.Combine(root, "samples", "plans", "fed-heart-disease.json"), cancellationToken);
        var rows = new List<string>();
        var own = new List<string>();
        SeedMetrics? last = null;
        foreach (var strategy in Strategy.All)
        {
            last = await MeasureAsync(simulation, sample, strategy.Change, seeds, cancellationToken);
            rows.Add(Row(strategy, last, metrics => metrics));
            if (last.Seeds[0][0].Personal is not null)
            {
                own.Add(Row(strategy, last, metrics => metrics.Personal!));
            }

            await Console.Error.WriteLineAsync(rows[^1]);
        }

        rows.Add(await AloneAsync(simulation, sample, seeds, cancellationToken));
        rows.Add($"| majority class | | {string.Join(" | ", last!.Seeds[0].Select(metrics => Figure(metrics.MajorityRate)))} | "
            + $"{Figure(last.Seeds[0].Average(metrics => metrics.MajorityRate))} | | | |");
        var differences = await DifferencesSection.MeasureAsync(
            simulation,
            hospitals,
            seed => Plan(sample, seed, plan => plan["training"]!["learningRate"] = 0.01),
            JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(root, "samples", "plans", "heart-disease-statistics.json"), cancellationToken))!,
            seeds,
            cancellationToken);
        await WriteAsync(root, [.. Lines(seeds, rows, own), .. differences], cancellationToken);
        return 0;
    }

    /// <summary>Every seed's run at once: the simulation works on them as a centre with many studies does.</summary>
    private static async Task<SeedMetrics> MeasureAsync(
        FederationSimulation simulation, string sample, Action<JsonObject> change, int seeds, CancellationToken cancellationToken)
    {
        var runs = new List<string>();
        for (var seed = 1; seed <= seeds; seed++)
        {
            runs.Add(await simulation.SubmitAsync(Plan(sample, seed, change), cancellationToken));
        }

        var metrics = new List<IReadOnlyList<EvaluationMetrics>>();
        foreach (var run in runs)
        {
            var summary = await simulation.CompletionAsync(run, cancellationToken);
            if (summary.Status != RunStatus.Completed)
            {
                throw new InvalidOperationException($"{run} ended: {summary.Reason}");
            }

            var evaluations = (await simulation.VersionsAsync(run, cancellationToken))[^1].Evaluations;
            metrics.Add([.. evaluations.Select(evaluation => evaluation.Metrics)]);
        }

        return new(Hospitals, metrics);
    }

    /// <summary>Each hospital on its own rows only: a run of one.</summary>
    private static async Task<string> AloneAsync(FederationSimulation simulation, string sample, int seeds, CancellationToken cancellationToken)
    {
        var alone = new List<SeedMetrics>();
        foreach (var hospital in Hospitals)
        {
            alone.Add(await MeasureAsync(
                simulation,
                sample,
                plan =>
                {
                    plan["training"]!["learningRate"] = 0.01;
                    plan["hospitals"] = new JsonArray(hospital);
                    plan["round"]!["goalCount"] = 1;
                    plan["round"]!["minimumReports"] = 1;
                },
                seeds,
                cancellationToken));
        }

        var joined = Enumerable.Range(0, seeds).Select(seed => (IReadOnlyList<EvaluationMetrics>)[.. alone.Select(metrics => metrics.Seeds[seed][0])]);
        return Row(new("each hospital alone", "lr .01", _ => { }, .7299), new(Hospitals, [.. joined]), metrics => metrics);
    }

    private static byte[] Plan(string sample, int seed, Action<JsonObject> change)
    {
        var plan = JsonNode.Parse(sample)!.AsObject();
        plan["seed"] = seed;
        plan["round"]!["minimumReports"] = Hospitals.Length;
        plan["evaluation"]!["everyRounds"] = 100_000;
        change(plan);
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }

    private static string Row(Strategy strategy, SeedMetrics metrics, Func<EvaluationMetrics, EvaluationMetrics> part)
    {
        var accuracies = Enumerable.Range(0, Hospitals.Length).Select(hospital => Spread(metrics.Of(seed => part(seed[hospital]).Accuracy)));
        var mean = Spread(metrics.Of(seed => seed.Average(each => part(each).Accuracy)));

        // The AUC of Switzerland's 16 test rows hangs on one of them.
        var auc = Spread(metrics.Of(seed => (part(seed[0]).Auc + part(seed[1]).Auc + part(seed[3]).Auc) / 3));
        var loss = Spread(metrics.Of(seed => seed.Sum(each => part(each).LogLoss * each.NumExamples) / seed.Sum(each => each.NumExamples)));
        return $"| {strategy.Name} | {strategy.Setting} | {string.Join(" | ", accuracies)} | {mean} | {auc} | {loss} | {(strategy.Published is { } published ? Figure(published) : "")} |";
    }

    private static IEnumerable<string> Lines(int seeds, IEnumerable<string> rows, IReadOnlyCollection<string> own)
    {
        const string Head = "| strategy | setting | Cleveland | Hungarian | Switzerland | VA | mean of 4 | AUC | log loss | published mean |";
        const string Rule = "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";
        return
        [
            "# Results",
            "",
            "Made by `bench results`: every figure is of models that hospitals trained and evaluated through the grains of a simulation.",
            "",
            "## Fed-Heart-Disease",
            "",
            $"15 rounds of 100 local steps, batches of 4, four hospitals in every round, but where a setting says otherwise; mean and standard deviation over {seeds} seeds of the",
            "last model. Columns of hospitals and \"mean of 4\" are accuracies at p > 0.5 on each hospital's test rows; AUC is the mean of Cleveland, Hungarian and VA (of Switzerland's 16",
            "test rows one is negative); log loss, in nats, that of all test rows. \"Published\" is FLamby's mean of 4 (du Terrail et al., NeurIPS 2022), of its own five seeds and, for a hospital alone, another optimizer.",
            "Where a column's figure is below the majority class, accuracy says that a model which always gives the same answer would do better there.",
            "",
            Head,
            Rule,
            .. rows,
            "",
            "Models of the hospitals' own, on the same test rows:",
            "",
            Head,
            Rule,
            .. own,
        ];
    }

    private static async Task WriteAsync(string root, IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        var text = string.Join('\n', lines) + "\n";
        Console.Write(text);
        await File.WriteAllTextAsync(Path.Combine(root, "docs", "results.md"), text, cancellationToken);
    }

    private static string Spread((double Mean, double Deviation)? figure) =>
        figure is var (mean, deviation) ? $"{Figure(mean)} +- {Figure(deviation)}" : "";

    // As the field writes shares: .7400.
    private static string Figure(double value) => value.ToString("#.0000", CultureInfo.InvariantCulture);
}
