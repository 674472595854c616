using System.Numerics.Tensors;

namespace FederatedOrleans.Optimizers;

/// <summary>m' = beta1 m + (1 - beta1) D, v' by a rule of its own, x' = x + lr m' / (sqrt(v') + tau): FedAdagrad, FedAdam and FedYogi.</summary>
/// <remarks>
/// Reddi et al., "Adaptive Federated Optimization" (ICLR 2021), algorithm 2, the three of them differing in the line for v alone. There is
/// no correction of the moments' bias, as in the paper; m and v are 0 before the first round (the paper leaves v at tau^2 or more open).
/// FedAdagrad keeps beta1 as in the paper's algorithm; set it to 0 for Adagrad without momentum.
/// All in float32, each product and sum rounded once or fused: the same bits in every vector width.
/// </remarks>
/// <param name="secondMoment">The rule for v, which gives it its name.</param>
/// <param name="learningRate">Server learning rate lr, above 0.</param>
/// <param name="beta1">Weight of the past in m, from 0 to below 1.</param>
/// <param name="tau">Adaptivity: the larger, the more it is FedAvgM. Above 0.</param>
public sealed class FedOpt(ISecondMoment secondMoment, double learningRate, double beta1, double tau) : IServerOptimizer
{
    // 4 KiB of the stack.
    private const int Chunk = 1024;

    /// <inheritdoc/>
    public string Name => secondMoment.Name;

    /// <inheritdoc/>
    public int Moments => 2;

    /// <inheritdoc/>
    public void MovePart(int moment, ReadOnlySpan<float> aggregate, Span<float> values)
    {
        PartLengths.Require(this, moment, aggregate, values);
        if (moment == 1)
        {
            secondMoment.Move(aggregate, values);
            return;
        }

        TensorPrimitives.Multiply(values, (float)beta1, values);
        TensorPrimitives.FusedMultiplyAdd(aggregate, (float)(1 - beta1), values, values);
    }

    /// <inheritdoc/>
    public void StepPart(ReadOnlySpan<float> model, Span<float> aggregate, ReadOnlySpan<float> moments)
    {
        PartLengths.Require(this, model, aggregate, moments);
        Span<float> chunk = stackalloc float[Math.Min(Chunk, model.Length)];
        for (var at = 0; at < model.Length; at += Chunk)
        {
            var step = chunk[..Math.Min(Chunk, model.Length - at)];
            TensorPrimitives.Sqrt(moments.Slice(model.Length + at, step.Length), step);
            TensorPrimitives.Add(step, (float)tau, step);
            TensorPrimitives.Divide(moments.Slice(at, step.Length), step, step);
            TensorPrimitives.FusedMultiplyAdd(step, (float)learningRate, model.Slice(at, step.Length), aggregate.Slice(at, step.Length));
        }
    }
}
