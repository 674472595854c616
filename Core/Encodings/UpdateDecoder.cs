namespace FederatedOrleans.Encodings;

/// <summary>Decodes an update as it arrives, in pieces of any size. What it holds is bounded, whatever the update's size. Not safe for concurrent use.</summary>
public sealed class UpdateDecoder
{
    private const int ScratchBlocks = 32;

    private readonly IUpdateEncoding _encoding;
    private readonly Lz4FrameReader? _frames;
    private readonly float[] _values = new float[ScratchBlocks * IUpdateEncoding.BlockValues];
    private readonly byte[] _carry;
    private int _carried;
    private long _left;

    /// <summary>A decoder of one update.</summary>
    /// <param name="format">What its bytes are.</param>
    /// <param name="values">How many values it has: more are never decoded.</param>
    public UpdateDecoder(UpdateFormat format, long values)
    {
        ArgumentNullException.ThrowIfNull(format);
        _encoding = UpdateEncodings.For(format.Encoding);
        _carry = new byte[_encoding.EncodedLength(IUpdateEncoding.BlockValues)];
        _left = values;
        MostBytes = format.MostBytes(values);
        _frames = format.IsCompressed ? new Lz4FrameReader(MostBytes) : null;
    }

    /// <summary>Most bytes that the update can have.</summary>
    public long MostBytes { get; }

    /// <summary>Decodes the next bytes.</summary>
    /// <param name="bytes">As they arrived.</param>
    /// <param name="decoded">Given the values that are whole now, in order; each span is valid during the call.</param>
    /// <returns>False where the bytes are none of this format, or too many. The decoder is spent then.</returns>
    public bool TryDecode(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<float>> decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        if (_frames is null)
        {
            return TryTake(bytes, decoded);
        }

        while (bytes.Length > 0)
        {
            if (!_frames.TryRead(ref bytes, out var raw) || !TryTake(raw, decoded))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryTake(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<float>> decoded)
    {
        while (bytes.Length > 0)
        {
            if (_left == 0)
            {
                return false;
            }

            // Whole blocks from where they lie; a block in pieces from the carry.
            var blocks = _carried > 0 ? 0 : Math.Min(ScratchBlocks, Math.Min(bytes.Length / _carry.Length, _left / IUpdateEncoding.BlockValues));
            if (blocks > 0)
            {
                var whole = bytes[..(int)(blocks * _carry.Length)];
                Decode(whole, (int)blocks * IUpdateEncoding.BlockValues, decoded);
                bytes = bytes[whole.Length..];
                continue;
            }

            var values = (int)Math.Min(IUpdateEncoding.BlockValues, _left);
            var wanted = (int)_encoding.EncodedLength(values);
            var part = bytes[..Math.Min(bytes.Length, wanted - _carried)];
            part.CopyTo(_carry.AsSpan(_carried));
            _carried += part.Length;
            bytes = bytes[part.Length..];
            if (_carried == wanted)
            {
                _carried = 0;
                Decode(_carry.AsSpan(0, wanted), values, decoded);
            }
        }

        return true;
    }

    private void Decode(ReadOnlySpan<byte> encoded, int values, Action<ReadOnlySpan<float>> decoded)
    {
        var target = _values.AsSpan(0, values);
        _encoding.Decode(encoded, target);
        _left -= values;
        decoded(target);
    }
}
