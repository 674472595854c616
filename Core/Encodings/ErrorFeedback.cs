using System.Numerics.Tensors;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Encodings;

/// <summary>Encodes updates so that what one loses the next makes good.</summary>
/// <remarks>
/// e = d + r, travels as Q(e), and r' = e - Q(e) is kept: the sum of what travelled follows the sum of the true updates within one step of
/// the encoding, however many rounds. Seide et al., "1-Bit Stochastic Gradient Descent and its Application to Data-Parallel Distributed
/// Training of Speech DNNs" (Interspeech 2014), section 3; Karimireddy et al., "Error Feedback Fixes SignSGD and other Gradient
/// Compression Schemes" (ICML 2019), algorithm 1. It is meant for differences to the round's model: of a whole model what was lost before
/// says nothing.
/// </remarks>
public static class ErrorFeedback
{
    private const int PartValues = 32 * IUpdateEncoding.BlockValues;

    /// <summary>Encodes an update as a plan wants it.</summary>
    /// <param name="update">The difference d to the round's model.</param>
    /// <param name="residual">What the updates before it lost, r; null where there was none.</param>
    /// <param name="transfer">How updates travel.</param>
    /// <exception cref="ArgumentException">The residual has another length than the update.</exception>
    public static EncodedUpdate Encode(ParameterVector update, ParameterVector? residual, TransferPlan transfer)
    {
        ArgumentNullException.ThrowIfNull(update);
        ArgumentNullException.ThrowIfNull(transfer);
        if (residual is not null && residual.Length != update.Length)
        {
            throw new ArgumentException($"The residual has {residual.Length:N0} parameters, the update {update.Length:N0}.", nameof(residual));
        }

        var encoding = UpdateEncodings.For(transfer.Update);
        var (bytes, left) = encoding.IsLossless ? (update.AsBytes(), null) : Lossy(encoding, update, residual);
        var compressed = transfer.Compression == Compressions.Lz4 ? Lz4Frames.Compress(bytes.Span) : null;
        return new(new UpdateFormat(encoding.Name, compressed is not null), compressed ?? bytes, left);
    }

    private static (ReadOnlyMemory<byte> Bytes, ParameterVector Residual) Lossy(
        IUpdateEncoding encoding, ParameterVector update, ParameterVector? residual)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)encoding.EncodedLength(update.Length)));
        var left = update.Span.ToArray();
        if (residual is not null)
        {
            TensorPrimitives.Add(left, residual.Span, left);
        }

        // In parts of whole blocks: what was encoded is decoded again while it is in the cache.
        var decoded = new float[Math.Min(PartValues, left.Length)];
        for (var (at, from) = (0, 0); at < left.Length;)
        {
            var part = left.AsSpan(at, Math.Min(PartValues, left.Length - at));
            var encoded = bytes.AsSpan(from, (int)encoding.EncodedLength(part.Length));
            encoding.Encode(part, encoded);
            encoding.Decode(encoded, decoded.AsSpan(0, part.Length));
            TensorPrimitives.Subtract(part, decoded.AsSpan(0, part.Length), part);
            at += part.Length;
            from += encoded.Length;
        }

        return (bytes, new ParameterVector(left));
    }
}
