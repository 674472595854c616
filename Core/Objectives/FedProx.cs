using System.Numerics.Tensors;
using FederatedOrleans.Models;

namespace FederatedOrleans.Objectives;

/// <summary>The loss plus mu / 2 |y - x|^2, whose gradient is mu (y - x): the local model stays near the global one.</summary>
/// <remarks>
/// Li et al., "Federated Optimization in Heterogeneous Networks" (MLSys 2020), equation 2. mu = 0 gives the very bits of FedAvg.
/// At a small mu, learning rate and number of steps it can hardly be told from FedAvg.
/// </remarks>
/// <param name="start">The global model x.</param>
/// <param name="mu">mu, at least 0.</param>
public sealed class FedProx(ParameterVector start, double mu) : ILocalObjective
{
    /// <summary><c>fedprox</c>.</summary>
    public const string PolicyName = "fedprox";

    // 8 KiB of the stack.
    private const int Chunk = 1024;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void Adjust(Span<double> gradient, int batch, ReadOnlySpan<double> parameters)
    {
        Span<double> chunk = stackalloc double[Math.Min(Chunk, gradient.Length)];
        for (var at = 0; at < gradient.Length; at += Chunk)
        {
            var away = chunk[..Math.Min(Chunk, gradient.Length - at)];
            TensorPrimitives.ConvertTruncating<float, double>(start.Span.Slice(at, away.Length), away);
            TensorPrimitives.Subtract(parameters.Slice(at, away.Length), away, away);
            var part = gradient.Slice(at, away.Length);
            TensorPrimitives.MultiplyAdd(away, batch * mu, part, part);
        }
    }
}
