using System.Numerics.Tensors;
using FederatedOrleans.Data;

namespace FederatedOrleans.Training;

/// <summary>Binary cross-entropy of <see cref="LogisticRegression"/>; its gradient is (p - y) x, and (p - y) for the bias.</summary>
internal sealed class LogisticLoss : ILossFunction
{
    /// <inheritdoc/>
    public double AddGradient(ReadOnlySpan<double> parameters, PreparedRows rows, ReadOnlySpan<int> batch, Span<double> gradient)
    {
        var weights = gradient[..^1];
        var loss = 0.0;
        foreach (var row in batch)
        {
            var inputs = rows.Row(row);
            var label = rows.Label(row);
            var margin = LinearModel.Margin(parameters, inputs);
            var error = LogisticRegression.Probability(margin) - label;
            TensorPrimitives.MultiplyAdd(inputs, error, weights, weights);
            gradient[^1] += error;
            loss += LogisticRegression.Loss(margin, label);
        }

        return loss;
    }
}
