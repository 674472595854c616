namespace FederatedOrleans.Plans;

/// <summary>How the aggregate moves the global model.</summary>
public sealed record ServerOptimizerPlan
{
    /// <summary><c>fedavg</c>, <c>fedavgm</c>, <c>fedadagrad</c>, <c>fedadam</c> or <c>fedyogi</c>: see <see cref="Optimizers.ServerOptimizers"/>.</summary>
    public string Name { get; init; } = "fedavg";

    /// <summary>Server learning rate, above 0 and at most 100; 1 by default, which is plain FedAvg. The adaptive ones have no default.</summary>
    public double LearningRate { get; init; } = 1.0;

    /// <summary>beta of <c>fedavgm</c>, 0 to 0.9999; 0.9 by default.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight of the past in the adaptive ones' first moment, 0 to 0.9999; 0.9 by default (Reddi et al. 2021, section 5).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Weight of the past in the second moment of <c>fedadam</c> and <c>fedyogi</c>, 0 to 0.999999; 0.99 by default (the same).</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>Adaptivity tau of the adaptive ones, 1e-12 to 1; 1e-3 by default (the same).</summary>
    public double Tau { get; init; } = 1e-3;
}
