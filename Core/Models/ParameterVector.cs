using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using CommunityToolkit.HighPerformance;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Models;

/// <summary>The parameters of a model, or an update to them: a flat vector of float32 that nobody writes to once it is made.</summary>
/// <remarks>On the wire and in stores it is its raw little-endian payload, addressed by <see cref="Digest"/>. Safe to share between threads.</remarks>
public sealed class ParameterVector
{
    private readonly float[] _values;

    /// <summary>Wraps <paramref name="values"/> without copying; the caller gives the array away.</summary>
    public ParameterVector(float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = values;
    }

    /// <summary>Number of parameters.</summary>
    public int Length => _values.Length;

    /// <summary>Number of bytes of the raw payload.</summary>
    public long ByteLength => (long)Length * sizeof(float);

    /// <summary>The values.</summary>
    public ReadOnlySpan<float> Span => _values;

    /// <summary>Whether no value is infinite or not a number.</summary>
    public bool IsFinite => Length == 0 || TensorPrimitives.IsFiniteAll<float>(_values);

    /// <summary>SHA-256 of the raw little-endian payload.</summary>
    public ContentDigest Digest => BitConverter.IsLittleEndian ? ContentDigest.Of(MemoryMarshal.AsBytes(Span)) : ContentDigest.Of(ToBytes());

    /// <summary>A vector of zeros.</summary>
    public static ParameterVector Zeros(int length) => new(new float[length]);

    /// <summary>Reads a raw little-endian float32 payload. Values are not judged: see <see cref="IsFinite"/>.</summary>
    /// <exception cref="ArgumentException">The number of bytes is no multiple of four.</exception>
    public static ParameterVector FromBytes(ReadOnlySpan<byte> payload)
    {
        if (payload.Length % sizeof(float) != 0)
        {
            throw new ArgumentException("A payload of float32 values has a multiple of four bytes.", nameof(payload));
        }

        var values = GC.AllocateUninitializedArray<float>(payload.Length / sizeof(float));
        if (BitConverter.IsLittleEndian)
        {
            payload.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(payload), MemoryMarshal.Cast<float, int>(values.AsSpan()));
        }

        return new(values);
    }

    /// <summary>The raw little-endian float32 payload, in an array of its own.</summary>
    public byte[] ToBytes()
    {
        var payload = GC.AllocateUninitializedArray<byte>(checked(Length * sizeof(float)));
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(Span).CopyTo(payload);
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(Span), MemoryMarshal.Cast<byte, int>(payload.AsSpan()));
        }

        return payload;
    }

    /// <summary>The raw little-endian float32 payload without a copy where the machine is little-endian.</summary>
    public ReadOnlyMemory<byte> AsBytes() => BitConverter.IsLittleEndian ? new ReadOnlyMemory<float>(_values).AsBytes() : ToBytes();

    /// <summary>Turns values whose bytes were read from a little-endian payload into this machine's order, in place.</summary>
    public static void ToMachineOrder(Span<float> values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<float, int>(values);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }

    /// <summary>The Euclidean norm, summed in double in four fixed lanes: the same bits on every machine.</summary>
    public double Norm()
    {
        double a = 0, b = 0, c = 0, d = 0;
        var i = 0;
        for (; i + 4 <= _values.Length; i += 4)
        {
            a += (double)_values[i] * _values[i];
            b += (double)_values[i + 1] * _values[i + 1];
            c += (double)_values[i + 2] * _values[i + 2];
            d += (double)_values[i + 3] * _values[i + 3];
        }

        for (; i < _values.Length; i++)
        {
            a += (double)_values[i] * _values[i];
        }

        return Math.Sqrt(a + b + (c + d));
    }

    /// <summary>The length only: an update's values reach no log.</summary>
    public override string ToString() => $"{Length:N0} parameters";
}
