using System.Diagnostics;
using System.Text.Json.Nodes;
using FederatedOrleans.Data;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Runs;
using FederatedOrleans.Training;

namespace FederatedOrleans.Simulation;

/// <summary>The reference task through the whole system but the network.</summary>
public sealed class HeartDiseaseTests(ITestOutputHelper output)
{
    private const int Seeds = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // Means and standard deviations over 300 seeds.
    private static readonly Dictionary<string, (double Mean, double Deviation)[]> Reference = new(StringComparer.Ordinal)
    {
        ["FedAvg"] = [(.7419, .0384), (.7457, .0348), (.6815, .1019), (.6324, .0672), (.7568, .0284), (.7004, .0359)],
        ["SCAFFOLD"] = [(.7421, .0383), (.7458, .0347), (.6819, .1012), (.6322, .0669), (.7569, .0284), (.7005, .0357)],
        ["FedAdam"] = [(.7614, .0184), (.7526, .0157), (.7523, .0347), (.6645, .0298), (.7796, .0115), (.7327, .0124)],
    };

    public static TheoryData<string, double> Vectors => [.. GoldenVectors.Names.Select(name => (name.Algorithm, name.LearningRate))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_rounds_are_committed_and_evaluated_by_all_four()
    {
        using var deadline = Deadline();
        await using var simulation = await StartAsync(await HeartDisease.HospitalsAsync(Token), deadline.Token);
        var clock = Stopwatch.StartNew();
        var run = await simulation.SubmitAsync(HeartDisease.Plan(plan => plan.WithAllFour()["rounds"] = 3), deadline.Token);
        var summary = await simulation.CompletionAsync(run, deadline.Token);
        output.WriteLine($"3 rounds in {clock.ElapsedMilliseconds} ms");

        Assert.Equal((RunStatus.Completed, 3), (summary.Status, summary.CommittedRounds));
        var versions = await simulation.VersionsAsync(run, deadline.Token);
        Assert.All(versions, version =>
        {
            Assert.Equal(HeartDisease.Hospitals, version.Manifest.Participants.Select(update => update.Hospital));
            Assert.Equal([199L, 172, 30, 85], version.Manifest.Participants.Select(update => update.NumExamples));
            Assert.Equal((1, 1L), (version.Manifest.Attempt, version.Manifest.Epoch));
        });
        Assert.Equal([104L, 89, 16, 45], versions[^1].Evaluations.Select(evaluation => evaluation.Metrics.NumExamples));
        Assert.Equal(versions[^1].Manifest.ModelAfter, (await simulation.ReadModelAsync(run, cancellationToken: deadline.Token)).Digest);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task Reference_weights_are_reached(string algorithm, double learningRate)
    {
        using var deadline = Deadline();
        await using var simulation = await StartAsync(await HeartDisease.HospitalsAsync(Token), deadline.Token);
        var run = await simulation.SubmitAsync(
            HeartDisease.Plan(plan => GoldenVectors.Change(plan.WithAllFour(), algorithm, learningRate)), deadline.Token);
        Assert.Equal(RunStatus.Completed, (await simulation.CompletionAsync(run, deadline.Token)).Status);

        var golden = GoldenVectors.Read(TestFiles.At("tests", "data", "heart-disease", "golden.json"), algorithm, learningRate);
        var worst = 0.0;
        foreach (var round in golden.Weights.Keys)
        {
            worst = Math.Max(worst, golden.Worst(round, (await simulation.ReadModelAsync(run, round, deadline.Token)).Span));
        }

        output.WriteLine($"{algorithm}, learning rate {learningRate}: largest difference of a weight {worst:E2}");
        Assert.Equal(3, golden.Weights.Count);
        Assert.InRange(worst, 0, GoldenVectors.Tolerance);
    }

    [Theory]
    [InlineData("FedAvg", 0.001)]
    [InlineData("SCAFFOLD", 0.001)]
    [InlineData("FedAdam", 0.01)]
    public async Task Accuracies_over_20_seeds_are_those_of_the_reference(string algorithm, double learningRate)
    {
        using var deadline = Deadline();
        var folder = TestFiles.HeartDisease();
        var datasets = await Task.WhenAll(HeartDisease.Hospitals.Select(async hospital => await LocalDatasetLoader.LoadAsync(
            await DatasetOptionsReader.ReadFileAsync(HeartDisease.Description, hospital, folder, Token), Token)));
        await using var simulation = await StartAsync(
            [.. datasets.Zip(HeartDisease.Hospitals, (dataset, hospital) => SimulatedHospital.Of(hospital, dataset))], deadline.Token);
        var clock = Stopwatch.StartNew();
        var runs = new List<string>();
        for (var seed = 1; seed <= Seeds; seed++)
        {
            runs.Add(await simulation.SubmitAsync(
                HeartDisease.Plan(plan =>
                {
                    plan.WithAllFour()["seed"] = seed;
                    plan["training"]!["learningRate"] = learningRate;
                    GoldenVectors.SetAlgorithm(plan, algorithm);
                }),
                deadline.Token));
        }

        var summaries = await Task.WhenAll(runs.Select(run => simulation.CompletionAsync(run, deadline.Token)));
        output.WriteLine($"{Seeds} runs of 15 rounds in {clock.ElapsedMilliseconds} ms");
        Assert.All(summaries, summary => Assert.Equal(RunStatus.Completed, summary.Status));

        var pooled = Standardization.Fit(datasets);
        var accuracies = new List<double[]>();
        foreach (var run in runs)
        {
            var description = (await simulation.Run(run).DescribeModelAsync(null, deadline.Token))!;
            var plan = TrainingPlanReader.Read(description.Plan).Plan!;
            var evaluations = (await simulation.Run(run).VersionsAsync(plan.Rounds, 1, deadline.Token))[0].Evaluations;
            Assert.Equal(HeartDisease.Hospitals, evaluations.Select(evaluation => evaluation.Hospital));
            double[] own = [.. evaluations.Select(evaluation => evaluation.Metrics.Accuracy)];
            accuracies.Add([.. own, Pooled(plan, await simulation.ReadModelAsync(run, cancellationToken: deadline.Token), datasets, pooled), own.Average()]);
        }

        Compare(algorithm, accuracies);
    }

    [Fact]
    public async Task A_perceptron_is_trained_on_the_binary_label_and_softmax_regression_on_the_five_classes_behind_it()
    {
        using var deadline = Deadline();
        var folder = TestFiles.HeartDisease();
        var description = JsonNode.Parse(await File.ReadAllTextAsync(HeartDisease.Description, Token))!;
        description["name"] = "severity";
        description["label"] = JsonNode.Parse("""{"name": "num", "kind": "categorical", "column": 13, "levels": ["0", "1", "2", "3", "4"]}""");
        description["split"]!["file"] = TestFiles.At("samples", "datasets", description["split"]!["file"]!.GetValue<string>());
        using var classes = new TemporaryFile(description.ToJsonString());
        await using var simulation = await StartAsync(
            await Task.WhenAll(HeartDisease.Hospitals.Select(hospital =>
                SimulatedHospital.FromFilesAsync(hospital, [HeartDisease.Description, classes.Path], folder, Token))),
            deadline.Token);

        var perceptron = await simulation.SubmitAsync(
            HeartDisease.Plan(plan =>
            {
                plan.WithAllFour()["model"] = JsonNode.Parse("""{"kind": "mlp", "hidden": [16]}""");
                plan["training"]!["learningRate"] = 0.05;
            }),
            deadline.Token);
        var softmax = await simulation.SubmitAsync(
            HeartDisease.Plan(plan =>
            {
                plan.WithAllFour()["model"] = JsonNode.Parse("""{"kind": "softmax-regression"}""");
                plan["dataset"]!["name"] = "severity";
                plan["dataset"]!["schema"]!["label"] = JsonNode.Parse("""{"name": "num", "kind": "categorical", "levels": ["0", "1", "2", "3", "4"]}""");
                plan["training"]!["learningRate"] = 0.02;
            }),
            deadline.Token);
        async Task<double[]> MeansAsync(string run)
        {
            Assert.Equal(RunStatus.Completed, (await simulation.CompletionAsync(run, deadline.Token)).Status);
            var last = (await simulation.VersionsAsync(run, deadline.Token))[^1].Evaluations.Select(evaluation => evaluation.Metrics).ToArray();
            Assert.Equal([104L, 89, 16, 45], last.Select(metrics => metrics.NumExamples));
            output.WriteLine(string.Join("; ", last.Select(metrics => $"{metrics.Accuracy:F4} (majority {metrics.MajorityRate:F4}), {metrics.LogLoss:F4}")));
            return [last.Average(metrics => metrics.Accuracy), last.Sum(metrics => metrics.LogLoss * metrics.NumExamples) / 254];
        }

        var (binary, severity) = (await MeansAsync(perceptron), await MeansAsync(softmax));
        Assert.InRange(binary[0], 0.65, 1);
        Assert.InRange(binary[1], 0, Math.Log(2));
        Assert.InRange(severity[1], 0, Math.Log(5) - 0.2);
    }

    [Fact]
    public async Task The_same_plan_gives_the_same_model_whatever_the_order_of_the_hospitals()
    {
        using var deadline = Deadline();
        var plan = HeartDisease.Plan(plan => plan.WithAllFour()["rounds"] = 5);
        var hospitals = await HeartDisease.HospitalsAsync(Token);
        var digests = new List<string>();
        await using (var simulation = await StartAsync(hospitals, deadline.Token))
        {
            digests.Add(await FinalDigestAsync(simulation, plan, deadline.Token));
            digests.Add(await FinalDigestAsync(simulation, plan, deadline.Token));
        }

        await using (var simulation = await StartAsync([.. hospitals.Reverse()], deadline.Token))
        {
            digests.Add(await FinalDigestAsync(simulation, plan, deadline.Token));
        }

        Assert.Single(digests.Distinct(StringComparer.Ordinal));
    }

    private static CancellationTokenSource Deadline()
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Patience);
        return deadline;
    }

    private static Task<FederationSimulation> StartAsync(SimulatedHospital[] hospitals, CancellationToken cancellationToken) =>
        FederationSimulation.StartAsync(new SimulationOptions { Hospitals = [.. hospitals] }, cancellationToken);

    private static async Task<string> FinalDigestAsync(FederationSimulation simulation, byte[] plan, CancellationToken cancellationToken)
    {
        var run = await simulation.SubmitAsync(plan, cancellationToken);
        Assert.Equal(RunStatus.Completed, (await simulation.CompletionAsync(run, cancellationToken)).Status);
        return (await simulation.ReadModelAsync(run, cancellationToken: cancellationToken)).Digest.Hex;
    }

    // The accuracy on all 254 test rows, standardised with the statistics of all 486 training rows.
    private static double Pooled(TrainingPlan plan, ParameterVector model, LocalDataset[] datasets, Standardization pooled)
    {
        var metrics = datasets.Select(dataset => ModelEvaluation.Evaluate(Trainers.BuiltIn, plan, model, PreparedDataset.For(plan, dataset, pooled))).ToArray();
        Assert.Equal(254, metrics.Sum(metric => metric.NumExamples));
        return metrics.Sum(metric => metric.Accuracy * metric.NumExamples) / 254;
    }

    private void Compare(string algorithm, List<double[]> accuracies)
    {
        string[] columns = ["centre 0", "centre 1", "centre 2", "centre 3", "pooled", "mean of 4"];
        var reference = Reference[algorithm];
        output.WriteLine("column     |  here  | reference | difference | 3 SD/sqrt(20)");
        var faults = new List<string>();
        for (var column = 0; column < columns.Length; column++)
        {
            var (expected, deviation) = reference[column];
            var mean = accuracies.Average(row => row[column]);
            var bound = 3 * deviation / Math.Sqrt(accuracies.Count);
            output.WriteLine($"{columns[column],-10} | {mean:F4} | {expected:F4}    | {mean - expected,+7:F4}    | {bound:F4}");
            if (Math.Abs(mean - expected) > bound)
            {
                faults.Add($"{columns[column]}: {mean:F4} is not within {bound:F4} of {expected:F4}");
            }
        }

        Assert.Empty(faults);
    }
}
