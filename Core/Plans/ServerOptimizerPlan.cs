namespace FederatedOrleans.Plans;

/// <summary>How the aggregate moves the global model.</summary>
public sealed record ServerOptimizerPlan
{
    /// <summary><c>fedavg</c>: x + learning rate times the aggregate.</summary>
    public string Name { get; init; } = "fedavg";

    /// <summary>Server learning rate, above 0 and at most 100; 1 is plain FedAvg.</summary>
    public double LearningRate { get; init; } = 1.0;
}
