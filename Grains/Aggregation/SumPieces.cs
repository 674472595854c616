using System.Runtime.InteropServices;

namespace FederatedOrleans.Aggregation;

/// <summary>Sums as they travel between grains: in pieces, as little-endian float32.</summary>
internal static class SumPieces
{
    /// <summary>Most values of a piece: a block, so that whoever reads in blocks reads of one shard at a time.</summary>
    public const int MostValues = IBlockSink.BlockValues;

    /// <summary>A piece of a sum of <paramref name="length"/> parameters; null where it is longer than a piece may be, or beyond the sum.</summary>
    public static byte[]? ReadPiece(this ISumAccumulator sum, int length, int start, int count)
    {
        if (start < 0 || count is < 1 or > MostValues || start > length - count)
        {
            return null;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(count * sizeof(float));
        sum.ReadSum(start, MemoryMarshal.Cast<byte, float>(bytes.AsSpan()));
        return bytes;
    }

    /// <summary>Adds a piece that begins at an index.</summary>
    public static void AddPiece(this ISumAccumulator sum, int start, byte[] piece) =>
        sum.AddSum(start, MemoryMarshal.Cast<byte, float>(piece.AsSpan()));
}
