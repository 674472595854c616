using System.Buffers.Binary;

namespace FederatedOrleans.Encodings;

/// <summary>Eight bits a value: of each block the scale max|x| / 127 as little-endian float32, then x / scale rounded to nearest, ties to even.</summary>
/// <remarks>
/// A value is off by at most half its block's scale. Where the scale would be below float32's normal range (largest value below about
/// 1.5e-36) the block is all zeros. A block with a value that is not finite decodes to values that are not: receipt refuses them.
/// </remarks>
public sealed class Int8Encoding : IUpdateEncoding
{
    /// <summary><c>int8</c>.</summary>
    public const string PolicyName = "int8";

    private const float Largest = 127;
    private const float SmallestNormal = 1.17549435e-38f;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public bool IsLossless => false;

    /// <inheritdoc/>
    public long EncodedLength(long values) =>
        values + ((values + IUpdateEncoding.BlockValues - 1) / IUpdateEncoding.BlockValues * sizeof(float));

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<byte> encoded)
    {
        while (values.Length > 0)
        {
            var block = values[..Math.Min(IUpdateEncoding.BlockValues, values.Length)];
            EncodeBlock(block, encoded[..(sizeof(float) + block.Length)]);
            values = values[block.Length..];
            encoded = encoded[(sizeof(float) + block.Length)..];
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> encoded, Span<float> values)
    {
        while (values.Length > 0)
        {
            var block = values[..Math.Min(IUpdateEncoding.BlockValues, values.Length)];
            var scale = BinaryPrimitives.ReadSingleLittleEndian(encoded);
            var steps = encoded.Slice(sizeof(float), block.Length);
            for (var i = 0; i < block.Length; i++)
            {
                block[i] = (sbyte)steps[i] * scale;
            }

            values = values[block.Length..];
            encoded = encoded[(sizeof(float) + block.Length)..];
        }
    }

    private static void EncodeBlock(ReadOnlySpan<float> block, Span<byte> encoded)
    {
        var largest = 0f;
        foreach (var value in block)
        {
            // Unlike a comparison it keeps what is not a number.
            largest = MathF.Max(largest, MathF.Abs(value));
        }

        var scale = largest / Largest;
        if (scale < SmallestNormal)
        {
            encoded.Clear();
            return;
        }

        BinaryPrimitives.WriteSingleLittleEndian(encoded, scale);
        var steps = encoded[sizeof(float)..];
        for (var i = 0; i < block.Length; i++)
        {
            steps[i] = (byte)(sbyte)Math.Clamp(MathF.Round(block[i] / scale, MidpointRounding.ToEven), -Largest, Largest);
        }
    }
}
