namespace FederatedOrleans.Objectives;

/// <summary>What a hospital minimises in a round beside the loss on its own rows. A policy that a plan picks by name.</summary>
public interface ILocalObjective
{
    /// <summary>The name a plan gives it.</summary>
    string Name { get; }

    /// <summary>Adds its part to the gradient of a batch, before the step that the gradient makes.</summary>
    /// <param name="gradient">The sum over the batch's rows of the loss's gradients.</param>
    /// <param name="batch">Rows of the batch, at least 1: what is added is as many times the objective's own gradient.</param>
    /// <param name="parameters">The local model y, of the same length.</param>
    void Adjust(Span<double> gradient, int batch, ReadOnlySpan<double> parameters);
}
