using System.Numerics.Tensors;

namespace FederatedOrleans.Optimizers;

/// <summary>m' = beta m + D, x' = x + lr m': FedAvg with momentum at the server.</summary>
/// <remarks>
/// Hsu, Qi and Brown, "Measuring the Effects of Non-Identical Data Distribution for Federated Visual Classification" (2019), section 3:
/// v is beta v + Dw and w is w - v, there with Dw = x - y. It equals FedAvg at beta = 0. In the long run a step is as long as one of FedAvg
/// with lr / (1 - beta).
/// </remarks>
/// <param name="learningRate">Server learning rate lr, above 0.</param>
/// <param name="momentum">beta, from 0 to below 1.</param>
public sealed class FedAvgM(double learningRate, double momentum) : IServerOptimizer
{
    /// <summary><c>fedavgm</c>.</summary>
    public const string PolicyName = "fedavgm";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public int Moments => 1;

    /// <inheritdoc/>
    public void MovePart(int moment, ReadOnlySpan<float> aggregate, Span<float> values)
    {
        PartLengths.Require(this, moment, aggregate, values);
        TensorPrimitives.FusedMultiplyAdd(values, (float)momentum, aggregate, values);
    }

    /// <inheritdoc/>
    public void StepPart(ReadOnlySpan<float> model, Span<float> aggregate, ReadOnlySpan<float> moments)
    {
        PartLengths.Require(this, model, aggregate, moments);
        TensorPrimitives.FusedMultiplyAdd(moments, (float)learningRate, model, aggregate);
    }
}
