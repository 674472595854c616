using System.Numerics.Tensors;
using FederatedOrleans.Data;

namespace FederatedOrleans.Training;

/// <summary>(z - y)^2 / 2 of a <see cref="LinearModel"/>; its gradient is (z - y) x, and z - y for the bias.</summary>
internal sealed class SquaredLoss : ILossFunction
{
    /// <inheritdoc/>
    public double AddGradient(ReadOnlySpan<double> parameters, PreparedRows rows, ReadOnlySpan<int> batch, Span<double> gradient)
    {
        var weights = gradient[..^1];
        var loss = 0.0;
        foreach (var row in batch)
        {
            var inputs = rows.Row(row);
            var error = LinearModel.Margin(parameters, inputs) - rows.Label(row);
            TensorPrimitives.MultiplyAdd(inputs, error, weights, weights);
            gradient[^1] += error;
            loss += error * error / 2;
        }

        return loss;
    }
}
