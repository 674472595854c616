using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FederatedOrleans;

/// <summary>Reference weights of the Fed-Heart-Disease task, from zero and without shuffling, by algorithm and learning rate.</summary>
internal sealed record GoldenVectors(string Algorithm, double LearningRate, ImmutableDictionary<int, double[]> Weights, ImmutableDictionary<int, JsonElement> Accuracies)
{
    /// <summary>Largest difference of a weight that float32 is allowed.</summary>
    public const double Tolerance = 1e-6;

    /// <summary>Every algorithm and learning rate of which there is a vector.</summary>
    public static IEnumerable<(string Algorithm, double LearningRate)> Names =>
        [("FedAvg", 0.001), ("FedAvg", 0.1), ("SCAFFOLD", 0.001), ("SCAFFOLD", 0.05), ("FedAdam", 0.01)];

    /// <summary>Reads one; its weights after rounds 1, 2 and 15, the bias last.</summary>
    public static GoldenVectors Read(string file, string algorithm, double learningRate)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var rounds = document.RootElement.GetProperty("vectors").EnumerateArray()
            .Single(vector => vector.GetProperty("algorithm").GetString() == algorithm
                && vector.GetProperty("hyperparameters").GetProperty("local_learning_rate").GetDouble() == learningRate)
            .GetProperty("rounds").EnumerateArray().ToArray();
        return new(
            algorithm,
            learningRate,
            rounds.ToImmutableDictionary(
                round => round.GetProperty("round").GetInt32(),
                round => (double[])[.. round.GetProperty("weights").EnumerateArray().Append(round.GetProperty("bias")).Select(weight => weight.GetDouble())]),
            rounds.ToImmutableDictionary(round => round.GetProperty("round").GetInt32(), round => round.GetProperty("accuracy").Clone()));
    }

    /// <summary>Makes the sample's plan the one that the vector was made by.</summary>
    public static void Change(JsonObject plan, string algorithm, double learningRate)
    {
        plan["model"]!["initial"] = "zeros";
        plan["training"]!["shuffle"] = false;
        plan["training"]!["learningRate"] = learningRate;
        SetAlgorithm(plan, algorithm);
    }

    /// <summary>Makes the sample's plan one of an algorithm, with the figures of the reference task.</summary>
    public static void SetAlgorithm(JsonObject plan, string algorithm)
    {
        switch (algorithm)
        {
            case "SCAFFOLD":
                plan["training"]!["objective"] = new JsonObject { ["name"] = "scaffold" };
                break;
            case "FedAdam":
                plan["serverOptimizer"] = new JsonObject
                {
                    ["name"] = "fedadam", ["learningRate"] = 0.01, ["beta1"] = 0.9, ["beta2"] = 0.999, ["tau"] = 1e-8,
                };
                break;
        }
    }

    /// <summary>The largest difference of a weight to the reference after a round.</summary>
    public double Worst(int round, ReadOnlySpan<float> model)
    {
        var (worst, expected) = (0.0, Weights[round]);
        Assert.Equal(expected.Length, model.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(expected[i] - model[i]));
        }

        return worst;
    }
}
