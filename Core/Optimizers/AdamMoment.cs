using System.Numerics.Tensors;

namespace FederatedOrleans.Optimizers;

/// <summary>v' = beta2 v + (1 - beta2) D^2: FedAdam.</summary>
/// <param name="beta2">Weight of the past, from 0 to below 1.</param>
public sealed class AdamMoment(double beta2) : ISecondMoment
{
    /// <summary><c>fedadam</c>.</summary>
    public const string PolicyName = "fedadam";

    // 4 KiB of the stack.
    private const int Chunk = 1024;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void Move(ReadOnlySpan<float> aggregate, Span<float> values)
    {
        Span<float> chunk = stackalloc float[Math.Min(Chunk, values.Length)];
        for (var at = 0; at < values.Length; at += Chunk)
        {
            var square = chunk[..Math.Min(Chunk, values.Length - at)];
            var d = aggregate.Slice(at, square.Length);
            var v = values.Slice(at, square.Length);
            TensorPrimitives.Multiply(d, d, square);
            TensorPrimitives.Multiply(v, (float)beta2, v);
            TensorPrimitives.FusedMultiplyAdd(square, (float)(1 - beta2), v, v);
        }
    }
}
