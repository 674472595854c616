using System.Diagnostics;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;
using FederatedOrleans.Training;

namespace FederatedOrleans.Bench.Learning;

/// <summary>Seconds that a pass of a convolutional network over images takes, as a node trains it.</summary>
internal static class ConvolutionalTimes
{
    private const int Images = 4708;
    private const int Repeats = 5;

    public static IEnumerable<string> Lines(string programs, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        Trainers trainers = new([.. TrainerFolder.Load(BenchFederation.Project(programs, "Torch"), faults)]);
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join('\n', faults));
        }

        var (plan, _) = TrainingPlanReader.Read(File.ReadAllBytes(Path.Combine(BenchFolders.Repository(), "samples", "plans", "chest-x-rays.json")));
        var data = PreparedDataset.For(plan!, Made(plan!.Dataset.Schema));
        yield return "";
        yield return $"The convolutional network of samples/plans/chest-x-rays.json on {Images:N0} made-up images of its size, by libtorch; medians of {Repeats} passes.";
        yield return "\"Forward only\" is the evaluation of as many images.";
        yield return "";
        yield return "| threads | s a pass | forward only, s | images/s |";
        yield return "| --- | --- | --- | --- |";
        foreach (var threads in new[] { 1, Environment.ProcessorCount })
        {
            var request = new TrainingRequest
            {
                Plan = plan, Hospital = "bench", Round = 1, Data = data, Model = InitialParameters.For(plan), Iterator = DataIteratorState.Start, MaxThreads = threads,
            };
            var pass = Median(() => trainers.For(plan).Train(request, cancellationToken: cancellationToken));
            var forward = Median(() => trainers.FamilyOf(plan).Predict(plan, request.Model, data.Train, cancellationToken));
            yield return $"| {threads} | {pass:0.00} | {(threads == 1 ? $"{forward:0.00}" : "")} | {Images / pass:N0} |";
        }
    }

    private static double Median(Func<object> work)
    {
        var seconds = new List<double>();
        for (var repeat = 0; repeat <= Repeats; repeat++)
        {
            var began = Stopwatch.GetTimestamp();
            GC.KeepAlive(work());
            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        // The first compiles.
        return seconds.Skip(1).Order().ElementAt(Repeats / 2);
    }

    private static LocalDataset Made(DatasetSchema schema)
    {
        var random = SeededRandom.For("bench-images", 1);
        var inputs = new float[(Images + 1) * schema.InputCount];
        foreach (ref var value in inputs.AsSpan())
        {
            value = (float)((random.NextDouble() * 2) - 1);
        }

        return new("bench", schema, inputs, Enumerable.Range(0, Images + 1).Select(image => image % 2 == 0), new([.. Enumerable.Range(0, Images)], [Images]));
    }
}
