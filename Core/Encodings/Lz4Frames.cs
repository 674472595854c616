using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace FederatedOrleans.Encodings;

/// <summary>LZ4 in frames that a receiver decodes one after the other.</summary>
/// <remarks>
/// A frame is the number of bytes that follow (little-endian, 32 bits), then those bytes: an LZ4 block of the next
/// <see cref="FrameBytes"/> bytes (fewer for the last), or those bytes themselves, which then are as many. A frame never is larger than
/// what it stands for, but for its four bytes.
/// </remarks>
public static class Lz4Frames
{
    /// <summary>Bytes that a frame stands for; the last one of an update may stand for fewer.</summary>
    public const int FrameBytes = 1 << 16;

    internal const int HeaderBytes = sizeof(int);

    /// <summary>The bytes compressed, or null where that would not make them smaller.</summary>
    public static byte[]? Compress(ReadOnlySpan<byte> bytes)
    {
        var target = GC.AllocateUninitializedArray<byte>(bytes.Length);
        var frame = new byte[LZ4Codec.MaximumOutputSize(FrameBytes)];
        var filled = 0;
        while (bytes.Length > 0)
        {
            var raw = bytes[..Math.Min(FrameBytes, bytes.Length)];
            bytes = bytes[raw.Length..];
            var length = LZ4Codec.Encode(raw, frame);
            var stored = length > 0 && length < raw.Length ? frame.AsSpan(0, length) : raw;
            if (filled + HeaderBytes + stored.Length >= target.Length)
            {
                return null;
            }

            BinaryPrimitives.WriteInt32LittleEndian(target.AsSpan(filled), stored.Length);
            stored.CopyTo(target.AsSpan(filled + HeaderBytes));
            filled += HeaderBytes + stored.Length;
        }

        return filled > 0 ? target[..filled] : null;
    }
}
