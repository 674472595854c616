namespace FederatedOrleans.Plans;

/// <summary>What each hospital does in a round: mini-batch SGD on its own rows.</summary>
public sealed record LocalTrainingPlan
{
    /// <summary>Step size of local SGD, above 0 and at most 100.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Momentum of local SGD, 0 to 0.9999: v' = momentum v + g, y' = y - lr v'. v starts at 0 in every round. 0 by default.</summary>
    public double Momentum { get; init; }

    /// <summary>Rows a batch, 1 to 65,536.</summary>
    public required int BatchSize { get; init; }

    /// <summary>SGD steps a round, 1 to 1,000,000; exactly one of this and <see cref="Epochs"/> is given.</summary>
    public int? Steps { get; init; }

    /// <summary>Passes over the hospital's rows a round, 1 to 10,000.</summary>
    public int? Epochs { get; init; }

    /// <summary>Whether rows are shuffled anew for each pass, by plan seed, hospital and pass. True by default.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary><c>local</c>: z-scores by the hospital's own training rows; <c>none</c>.</summary>
    public string Standardization { get; init; } = "local";

    /// <summary>What SGD minimises.</summary>
    public LocalObjectivePlan Objective { get; init; } = new();

    /// <summary>How the learning rate changes from round to round.</summary>
    public LearningRateSchedulePlan Schedule { get; init; } = new();
}
