using FederatedOrleans.Encodings;

namespace FederatedOrleans.Plans;

/// <summary>How updates travel from a hospital to the centre. Models travel as raw float32.</summary>
public sealed record TransferPlan
{
    /// <summary><c>float32</c>, <c>bf16</c> or <c>int8</c>: see <see cref="UpdateEncodings"/>. Lossless by default.</summary>
    public string Update { get; init; } = Float32Encoding.PolicyName;

    /// <summary><c>none</c> or <c>lz4</c>: see <see cref="Compressions"/>. None by default.</summary>
    public string Compression { get; init; } = Compressions.None;

    /// <summary>Whether the plan takes an update of this format. Compression is kept only where it pays, so it is never a must.</summary>
    public bool Takes(UpdateFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Encoding == Update && (!format.IsCompressed || Compression == Compressions.Lz4);
    }

    /// <summary>Whether an update of so many values can have so many bytes.</summary>
    public bool Takes(long bytes, long values)
    {
        var most = UpdateEncodings.For(Update).EncodedLength(values);
        return bytes == most || (Compression == Compressions.Lz4 && bytes > 0 && bytes < most);
    }
}
