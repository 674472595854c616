using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Data;

/// <summary>A plan's preprocessing by the statistics of all hospitals.</summary>
/// <param name="fitted">The preprocessing with every figure in place.</param>
internal sealed class FederatedTransformation(FittedPreprocessing fitted) : IInputTransformation
{
    /// <inheritdoc/>
    public int InputCount => fitted.InputCount;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> row, Span<double> inputs) => fitted.Apply(row, inputs);

    /// <inheritdoc/>
    public double Label(float label) => fitted.Label is { } scale ? (label - scale.Mean) / scale.Scale : label;

    /// <summary>The number of inputs, no figure.</summary>
    public override string ToString() => $"preprocessing to {InputCount:N0} inputs";
}
