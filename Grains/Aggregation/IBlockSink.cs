using System.Buffers;

namespace FederatedOrleans.Aggregation;

/// <summary>Where the blocks of one update go as they fill.</summary>
internal interface IBlockSink : IDisposable
{
    /// <summary>Bytes of a block; the last one of an update may be shorter.</summary>
    const int BlockBytes = BlockValues * sizeof(float);

    /// <summary>Values of a block: those of a block of their sum, which may be made of the same memory.</summary>
    const int BlockValues = SumAccumulator.BlockValues;

    /// <summary>
    /// Whether a block that was kept is where it stays, which may then also be one of <see cref="StagingArea.Pool"/> that was rented elsewhere; else
    /// <see cref="FlushAsync"/> brings it there.
    /// </summary>
    bool IsHere => true;

    /// <summary>An array for a block that is to be filled, of at least so many values.</summary>
    float[] Rent(int values) => ArrayPool<float>.Shared.Rent(values);

    /// <summary>Takes an array back that was not kept; its values are lost.</summary>
    void Return(float[] block) => ArrayPool<float>.Shared.Return(block, clearArray: true);

    /// <summary>Keeps the next block.</summary>
    /// <param name="block">An array that was rented here, or of the pool where it <see cref="IsHere">stays here</see>; given away, its values are lost.</param>
    /// <param name="values">How many of its values count.</param>
    /// <returns>The array, where it may be used for the next block, or null.</returns>
    /// <exception cref="IOException">There is no room for it; the array is the caller's still.</exception>
    float[]? Keep(float[] block, int values);

    /// <summary>Finds the room, and brings what was kept since to where it stays: Partial, or Busy or Lost where it can't be kept.</summary>
    ValueTask<StagingVerdict> FlushAsync() => new(StagingVerdict.Partial);
}
