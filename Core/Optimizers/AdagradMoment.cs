using System.Numerics.Tensors;

namespace FederatedOrleans.Optimizers;

/// <summary>v' = v + D^2: FedAdagrad.</summary>
public sealed class AdagradMoment : ISecondMoment
{
    /// <summary><c>fedadagrad</c>.</summary>
    public const string PolicyName = "fedadagrad";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void Move(ReadOnlySpan<float> aggregate, Span<float> values) => TensorPrimitives.FusedMultiplyAdd(aggregate, aggregate, values, values);
}
