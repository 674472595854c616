using FederatedOrleans.Models;

namespace FederatedOrleans.Optimizers;

/// <summary>How the aggregate of a round moves the global model. A policy that a plan picks by name.</summary>
public interface IServerOptimizer
{
    /// <summary>The name a plan gives it.</summary>
    string Name { get; }

    /// <summary>The next model.</summary>
    /// <param name="model">The model x that the round started from.</param>
    /// <param name="aggregate">The aggregate D of the updates y_k - x, of the same length.</param>
    ParameterVector Step(ParameterVector model, ParameterVector aggregate);
}
