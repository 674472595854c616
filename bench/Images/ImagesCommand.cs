using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Client;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Bench.Images;

/// <summary><c>bench images</c>: PneumoniaMNIST over six hospitals, each a real process with libtorch, in docs/results-images.md.</summary>
internal static class ImagesCommand
{
    private const string Pooled = "pooled";
    private const int TrainImages = 4708;
    private static readonly string[] Hospitals = [.. Enumerable.Range(1, 6).Select(number => $"hospital-{number}")];

    public static Command Create()
    {
        var programs = new Option<string>("--programs") { Description = "Folder of the built projects", DefaultValueFactory = _ => Path.Combine("artifacts", "bin") };
        var seeds = new Option<int>("--seeds") { Description = "Seeds", DefaultValueFactory = _ => 3 };
        var data = new Option<string?>("--data") { Description = "Folder of pneumoniamnist.npz; FEDERATED_DATA or ../shared/data where absent" };
        var only = new Option<string?>("--only") { Description = "Only the trainings whose name begins so; nothing is written then" };
        var command = new Command("images", "What a convolutional network reaches on PneumoniaMNIST, written to docs/results-images.md") { programs, seeds, data, only };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(programs), parsed.GetValue(seeds), parsed.GetValue(data), parsed.GetValue(only), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string programs, int seeds, string? asked, string? only, CancellationToken cancellationToken)
    {
        var root = BenchFolders.Repository();
        var archive = ImageArchive.Find(asked);
        var folder = BenchFolders.Create().FullName;
        await using var federation = BenchFederation.Create(
            programs, folder, nodeSettings: new JsonObject { ["trainers"] = new JsonArray(BenchFederation.Project(programs, "Torch")) });
        var description = await DescribeAsync(root, folder, cancellationToken);
        await federation.StartCentreAsync(cancellationToken);
        foreach (var hospital in Hospitals.Append(Pooled))
        {
            await federation.EnrolAsync(hospital, cancellationToken);
            federation.Furnish(hospital, archive, description);
            await federation.ApproveAsync(hospital, cancellationToken, "--name", "chest-x-rays", "--dataset", "chest-x-rays", "--trainer", "cnn");
            federation.StartHospital(hospital);
        }

        await federation.WaitForHospitalsAsync(cancellationToken);
        await using var client = await federation.ConnectAsync(cancellationToken);
        var sample = await File.ReadAllTextAsync(Path.Combine(root, "samples", "plans", "chest-x-rays.json"), cancellationToken);
        var rows = new List<string>();
        foreach (var setting in Settings().Where(setting => setting.Name.StartsWith(only ?? "", StringComparison.Ordinal)))
        {
            var results = new List<ImagesResult>();
            for (var seed = 1; seed <= seeds; seed++)
            {
                results.Add(await MeasureAsync(client, Plan(sample, seed, setting), cancellationToken));
                await Console.Error.WriteLineAsync($"{setting.Name}, seed {seed}: {results[^1]}");
            }

            rows.Add(Row(setting.Name, results));
        }

        if (only is null)
        {
            await WriteAsync(root, seeds, rows, cancellationToken);
        }

        return 0;
    }

    private static IEnumerable<ImagesSetting> Settings()
    {
        yield return new("FedAvg, 20 rounds of 1 epoch", Hospitals, null);
        yield return new("FedProx, mu .01, likewise", Hospitals, plan => plan["training"]!["objective"] = new JsonObject { ["name"] = "fedprox", ["mu"] = 0.01 });
        yield return new("pooled, 20 epochs", [Pooled], Alone);
        foreach (var hospital in Hospitals)
        {
            yield return new($"{hospital} alone, 20 epochs", [hospital], Alone);
        }
    }

    /// <summary>As many epochs, but with no other hospital to wait for.</summary>
    private static void Alone(JsonObject plan)
    {
        plan["rounds"] = 1;
        plan["training"]!["epochs"] = 20;
    }

    private static byte[] Plan(string sample, int seed, ImagesSetting setting)
    {
        var plan = JsonNode.Parse(sample)!.AsObject();
        plan["seed"] = seed;
        plan["hospitals"] = new JsonArray([.. setting.Hospitals.Select(hospital => (JsonNode)hospital)]);
        plan["round"] = new JsonObject { ["goalCount"] = setting.Hospitals.Count, ["minimumReports"] = setting.Hospitals.Count };
        plan["evaluation"] = new JsonObject { ["everyRounds"] = 100_000 };
        setting.Change?.Invoke(plan);
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }

    /// <summary>All hospitals validate and test on the same images: each must say the same of a model.</summary>
    private static async Task<ImagesResult> MeasureAsync(FederationClient client, byte[] plan, CancellationToken cancellationToken)
    {
        var submitted = await client.SubmitAsync(plan, cancellationToken);
        var run = submitted.Run ?? throw new FederationException(string.Join('\n', submitted.Faults));
        await foreach (var occurred in client.WatchAsync(run, cancellationToken))
        {
            if (occurred.Status is RunStatus.Paused or RunStatus.Stopped)
            {
                throw new FederationException($"{run} has ended: {occurred}");
            }
        }

        var versions = await client.VersionsAsync(run, cancellationToken);
        EvaluationMetrics[] metrics = [.. versions[^1].Evaluations.Select(evaluation => evaluation.Metrics)];
        if (metrics.Length == 0 || metrics.Distinct().Skip(1).Any())
        {
            throw new FederationException($"{run}: hospitals differ about the same model on the same images.");
        }

        var seconds = versions.Select(version => (version.Manifest.CommittedAt - version.Manifest.BeganAt).TotalSeconds).Order().ToArray();
        return new(metrics[0], seconds[seconds.Length / 2]);
    }

    private static string Row(string name, IReadOnlyCollection<ImagesResult> results)
    {
        string Mean(Func<ImagesResult, double> figure) => results.Average(figure).ToString("#.0000", CultureInfo.InvariantCulture);
        string Each(Func<ImagesResult, double> figure) => string.Join(' ', results.Select(result => figure(result).ToString("#.0000", CultureInfo.InvariantCulture)));
        return $"| {name} | {Mean(result => result.Metrics.Validation!.Auc!.Value)} ({Each(result => result.Metrics.Validation!.Auc!.Value)}) "
            + $"| {Mean(result => result.Metrics.Auc!.Value)} ({Each(result => result.Metrics.Auc!.Value)}) "
            + $"| {Mean(result => result.Metrics.Validation!.Accuracy)} | {Mean(result => result.Metrics.Accuracy)} "
            + $"| {results.Average(result => result.SecondsARound).ToString("0.00", CultureInfo.InvariantCulture)} |";
    }

    private static async Task WriteAsync(string root, int seeds, IEnumerable<string> rows, CancellationToken cancellationToken)
    {
        string[] lines =
        [
            "# Results on images",
            "",
            "Made by `bench images`: one Silo and a node for each hospital, real processes with libtorch on one thread each, over the same links as everywhere.",
            "",
            $"Machine: {MachineName.Describe()}",
            "",
            "PneumoniaMNIST (Yang et al., Scientific Data 2023): 4,708 training images over six hospitals with label skew (Dirichlet 0.3; hospital-3 has one",
            "class), the plan [chest-x-rays.json](../samples/plans/chest-x-rays.json): a network of 105,281 parameters, SGD of rate .02 with momentum .9, batches of 64. Every hospital",
            "validates on the 524 images and tests on the 624 of the official split, so that all say the same of a model, which is checked.",
            $"Means over {seeds} seeds of the last model, in brackets of each. The majority class is .7424 of the validation and .6250 of the test images: test accuracy",
            "moves by some points from epoch to epoch, as the threshold drifts; AUC is what to compare.",
            "",
            "| training | validation AUC | test AUC | validation accuracy | test accuracy | s a round |",
            "| --- | --- | --- | --- | --- | --- |",
            .. rows,
            "",
            "Seconds are the median from a round's beginning to its commit, all hospitals of the round on this machine at once; where a hospital trains alone, one round is 20 epochs.",
        ];
        var text = string.Join('\n', lines) + "\n";
        Console.Write(text);
        await File.WriteAllTextAsync(Path.Combine(root, "docs", "results-images.md"), text, cancellationToken);
    }

    /// <summary>The sample's description and row lists, and one hospital more that has all training images.</summary>
    private static async Task<string> DescribeAsync(string root, string folder, CancellationToken cancellationToken)
    {
        var samples = Path.Combine(root, "samples", "datasets");
        const string Lists = "chest-x-rays-split.json";
        var split = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(samples, Lists), cancellationToken))!;
        var first = split["hospitals"]![Hospitals[0]]!;
        split["hospitals"]![Pooled] = new JsonObject
        {
            ["train"] = new JsonArray($"0..{TrainImages - 1}"),
            ["validation"] = first["validation"]!.DeepClone(),
            ["test"] = first["test"]!.DeepClone(),
        };
        await File.WriteAllTextAsync(Path.Combine(folder, Lists), split.ToJsonString(), cancellationToken);
        var description = Path.Combine(folder, "chest-x-rays.json");
        File.Copy(Path.Combine(samples, "chest-x-rays.json"), description);
        return description;
    }
}
