using System.Buffers.Binary;

namespace FederatedOrleans.Encodings;

/// <summary>The upper half of a float32, rounded to nearest, ties to even, little-endian: half the bytes, 8 bits of precision.</summary>
/// <remarks>
/// A normal value is off by at most 2^-9 of itself. Values beyond 3.39e38 become infinite, as rounding has it, and what is not a number
/// stays none: receipt refuses both.
/// </remarks>
public sealed class BFloat16Encoding : IUpdateEncoding
{
    /// <summary><c>bf16</c>.</summary>
    public const string PolicyName = "bf16";

    private const uint QuietNaN = 0x7FC0;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public bool IsLossless => false;

    /// <inheritdoc/>
    public long EncodedLength(long values) => values * sizeof(ushort);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<byte> encoded)
    {
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(encoded[(i * sizeof(ushort))..], Round(values[i]));
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> encoded, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var upper = (uint)BinaryPrimitives.ReadUInt16LittleEndian(encoded[(i * sizeof(ushort))..]);
            values[i] = BitConverter.UInt32BitsToSingle(upper << 16);
        }
    }

    private static ushort Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
        {
            // Rounding could carry a NaN's payload over into infinity.
            return (ushort)((bits >> 16 & 0x8000) | QuietNaN);
        }

        // Half of the last place that stays, less one where that place is even: a tie goes up only from an odd one.
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }
}
