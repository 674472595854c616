using System.CommandLine;
using System.Diagnostics;
using System.Numerics.Tensors;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;
using FederatedOrleans.Training;

namespace FederatedOrleans.Bench.Learning;

/// <summary><c>bench trainers</c>: rows a second of local training beside a bare pass over the same array, in the same process.</summary>
internal static class TrainersCommand
{
    private const int Inputs = 50;
    private const int Repeats = 5;

    public static Command Create()
    {
        var rows = new Option<int>("--rows") { Description = "Training rows", DefaultValueFactory = _ => 1_000_000 };
        var programs = new Option<string>("--programs") { Description = "Folder of the built projects", DefaultValueFactory = _ => Path.Combine("artifacts", "bin") };
        var command = new Command("trainers", "Rows a second of local training, beside a bare pass over the same rows") { rows, programs };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var lines = Lines(parsed.GetValue(rows), cancellationToken).Concat(ConvolutionalTimes.Lines(parsed.GetRequiredValue(programs), cancellationToken));
            await ResultFile.WriteAsync("trainers", "Local training", lines, cancellationToken);
            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(int rows, CancellationToken cancellationToken)
    {
        yield return $"{rows:N0} rows of {Inputs} inputs in double, one thread; medians of {Repeats}, each just after a bare pass.";
        yield return "The bare pass adds up all inputs, row after row. Batches are shuffled only where it says so: a shuffled pass reads its rows all over the memory.";
        yield return "";
        yield return "| training | M rows/s | bare pass M rows/s | of the bare pass |";
        yield return "| --- | --- | --- | --- |";
        var data = Data(rows);
        foreach (var (name, plan) in Plans())
        {
            var prepared = PreparedDataset.For(plan, data);
            var request = new TrainingRequest
            {
                Plan = plan, Hospital = "bench", Round = 1, Data = prepared, Model = InitialParameters.For(plan), Iterator = DataIteratorState.Start,
            };
            var (pass, training) = (new List<double>(), new List<double>());
            for (var repeat = 0; repeat <= Repeats; repeat++)
            {
                var bare = Seconds(() => Pass(prepared.Train));
                var trained = Seconds(() => Trainers.BuiltIn.For(plan).Train(request, cancellationToken: cancellationToken));
                if (repeat > 0)
                {
                    // The first compiles.
                    pass.Add(rows / bare / 1e6);
                    training.Add(rows / trained / 1e6);
                }
            }

            var (limit, rate) = (pass.Order().ElementAt(Repeats / 2), training.Order().ElementAt(Repeats / 2));
            yield return $"| {name} | {rate:0.00} | {limit:0.00} | {rate / limit:0.00} |";
        }
    }

    private static IEnumerable<(string Name, TrainingPlan Plan)> Plans()
    {
        foreach (var (batch, shuffle) in new[] { (64, false), (64, true), (4, false) })
        {
            yield return ($"logistic regression, batches of {batch}{(shuffle ? ", shuffled" : "")}", Plan(ModelKinds.LogisticRegression, batch, shuffle));
        }

        var perceptron = Plan(ModelKinds.MultilayerPerceptron, 64, shuffle: false);
        yield return ("perceptron, 32 hidden units, batches of 64", perceptron with { Model = perceptron.Model with { Hidden = [32], Initial = "uniform" } });
    }

    private static TrainingPlan Plan(string kind, int batch, bool shuffle) => new()
    {
        Version = 1,
        Name = "bench",
        Dataset = new() { Name = "bench", Schema = Schema() },
        Model = new() { Kind = kind },
        Training = new() { LearningRate = 0.01, BatchSize = batch, Epochs = 1, Shuffle = shuffle, Standardization = "none" },
        Rounds = 1,
    };

    private static DatasetSchema Schema() =>
        new() { Features = [.. Enumerable.Range(0, Inputs).Select(input => new FeatureSpec { Name = $"x{input}" })], Label = "y" };

    private static LocalDataset Data(int rows)
    {
        var random = SeededRandom.For("bench-trainers", 1);
        var inputs = new float[rows * Inputs];
        foreach (ref var value in inputs.AsSpan())
        {
            value = (float)((random.NextDouble() * 2) - 1);
        }

        return new("bench", Schema(), inputs, Enumerable.Range(0, rows).Select(row => inputs[row * Inputs] > 0), new([.. Enumerable.Range(0, rows)], []));
    }

    private static double Pass(PreparedRows rows)
    {
        var sum = 0.0;
        for (var row = 0; row < rows.Count; row++)
        {
            sum += TensorPrimitives.Sum(rows.Row(row));
        }

        return sum;
    }

    private static double Seconds<T>(Func<T> work)
    {
        var began = Stopwatch.GetTimestamp();
        GC.KeepAlive(work());
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
