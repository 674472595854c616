using System.Buffers.Binary;

namespace FederatedOrleans.Encodings;

/// <summary>Raw little-endian float32: nothing is lost.</summary>
public sealed class Float32Encoding : IUpdateEncoding
{
    /// <summary><c>float32</c>.</summary>
    public const string PolicyName = "float32";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public bool IsLossless => true;

    /// <inheritdoc/>
    public long EncodedLength(long values) => values * sizeof(float);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<byte> encoded)
    {
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(encoded[(i * sizeof(float))..], values[i]);
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> encoded, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(encoded[(i * sizeof(float))..]);
        }
    }
}
