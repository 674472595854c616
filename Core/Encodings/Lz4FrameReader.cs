using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace FederatedOrleans.Encodings;

/// <summary>Reads <see cref="Lz4Frames"/> as they arrive, in pieces of any size. What it holds is bounded by one frame. Not safe for concurrent use.</summary>
/// <param name="length">Bytes that all frames together stand for: nothing beyond them is ever written.</param>
internal sealed class Lz4FrameReader(long length)
{
    private readonly byte[] _frame = new byte[Lz4Frames.HeaderBytes + Lz4Frames.FrameBytes];
    private readonly byte[] _raw = new byte[Lz4Frames.FrameBytes];
    private long _left = length;
    private int _filled;

    /// <summary>Takes the beginning of <paramref name="bytes"/>, up to the end of a frame.</summary>
    /// <param name="bytes">What arrived; what was taken is cut off.</param>
    /// <param name="raw">What the frame stands for, valid until the next call; empty where it is not whole yet.</param>
    /// <returns>False where this is no frame, or one too many.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> raw)
    {
        raw = default;
        var expected = (int)Math.Min(Lz4Frames.FrameBytes, _left);
        if (expected == 0)
        {
            return false;
        }

        if (!Fill(ref bytes, Lz4Frames.HeaderBytes))
        {
            return true;
        }

        var stored = BinaryPrimitives.ReadInt32LittleEndian(_frame);
        if (stored < 1 || stored > expected)
        {
            return false;
        }

        if (!Fill(ref bytes, Lz4Frames.HeaderBytes + stored))
        {
            return true;
        }

        var held = _frame.AsSpan(Lz4Frames.HeaderBytes, stored);
        if (stored == expected)
        {
            raw = held;
        }
        else if (LZ4Codec.Decode(held, _raw.AsSpan(0, expected)) == expected)
        {
            raw = _raw.AsSpan(0, expected);
        }
        else
        {
            return false;
        }

        _filled = 0;
        _left -= expected;
        return true;
    }

    private bool Fill(ref ReadOnlySpan<byte> bytes, int wanted)
    {
        var part = bytes[..Math.Min(bytes.Length, Math.Max(0, wanted - _filled))];
        part.CopyTo(_frame.AsSpan(_filled));
        _filled += part.Length;
        bytes = bytes[part.Length..];
        return _filled >= wanted;
    }
}
