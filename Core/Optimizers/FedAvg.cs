using System.Numerics.Tensors;

namespace FederatedOrleans.Optimizers;

/// <summary>x' = x + lr D. With lr = 1 and the weighted mean this is FedAvg: the mean of the hospitals' local models.</summary>
/// <remarks>
/// McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized Data" (AISTATS 2017), algorithm 1; with a
/// server learning rate, Reddi et al., "Adaptive Federated Optimization" (ICLR 2021), algorithm 1 with SGD as server optimizer.
/// One fused multiply-add a parameter: the same bits in every vector width.
/// </remarks>
/// <param name="learningRate">Server learning rate, above 0.</param>
public sealed class FedAvg(double learningRate) : IServerOptimizer
{
    /// <summary><c>fedavg</c>.</summary>
    public const string PolicyName = "fedavg";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public int Moments => 0;

    /// <inheritdoc/>
    public void MovePart(int moment, ReadOnlySpan<float> aggregate, Span<float> values) => PartLengths.Require(this, moment, aggregate, values);

    /// <inheritdoc/>
    public void StepPart(ReadOnlySpan<float> model, Span<float> aggregate, ReadOnlySpan<float> moments)
    {
        PartLengths.Require(this, model, aggregate, moments);
        TensorPrimitives.FusedMultiplyAdd(aggregate, (float)learningRate, model, aggregate);
    }
}
