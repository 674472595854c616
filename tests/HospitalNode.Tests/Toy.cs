using FederatedOrleans.Data;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;

namespace FederatedOrleans;

/// <summary>Small made-up data and plans.</summary>
internal static class Toy
{
    public static TrainingPlan Plan(double learningRate = 0.1, int batch = 4, int? steps = 10, int? epochs = null, bool shuffle = true, string standardization = "local", int inputs = 3) => new()
    {
        Version = 1,
        Name = "toy",
        Dataset = new() { Name = "toy", Schema = Schema(inputs) },
        Model = new() { Kind = "logistic-regression" },
        Training = new() { LearningRate = learningRate, BatchSize = batch, Steps = steps, Epochs = epochs, Shuffle = shuffle, Standardization = standardization },
        Rounds = 1,
        Seed = 42,
    };

    public static DatasetSchema Schema(int inputs) =>
        new() { Features = [.. Enumerable.Range(0, inputs).Select(input => new FeatureSpec { Name = $"x{input}" })], Label = "y" };

    public static LocalDataset Dataset(int train, int test = 2, int inputs = 3, float scale = 1)
    {
        var random = SeededRandom.For("toy", train);
        var values = new float[(train + test) * inputs];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)((random.NextDouble() * 4) - 2) * scale;
        }

        bool[] labels = [.. Enumerable.Range(0, train + test).Select(row => values[row * inputs] + values[(row * inputs) + 1] > 0)];
        return new("toy", Schema(inputs), values, labels, new([.. Enumerable.Range(0, train)], [.. Enumerable.Range(train, test)]));
    }
}
