namespace FederatedOrleans.Aggregation;

/// <summary>Room for the updates that a silo stages at once: in memory first, beyond that in encrypted scratch files. Shared by its aggregators.</summary>
/// <remarks>
/// An update gets its room as a whole or not at all; which of its blocks are in memory shows as they come. The sum of an aggregator takes
/// memory too, before the first block.
/// </remarks>
public sealed class StagingArea
{
    private readonly StagingBudget _room;
    private readonly StagingBudget _memory;
    private readonly StagingBudget _scratch;
    private readonly ScratchFiles _files;

    /// <summary>Room within two budgets.</summary>
    /// <param name="memory">Bytes of updates in memory.</param>
    /// <param name="scratch">Bytes of updates in scratch files; 0 for none.</param>
    /// <param name="folder">Folder of the scratch files, made where it is missing; what an earlier process left there is deleted.</param>
    /// <param name="time">The clock; that of the system by default.</param>
    public StagingArea(long memory, long scratch, string folder, TimeProvider? time = null)
    {
        (_room, _memory, _scratch) = (new(memory + scratch), new(memory), new(scratch));
        Pool = new(_memory, time ?? TimeProvider.System);
        _files = new(folder, _scratch, time ?? TimeProvider.System);
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.EnumerateFiles(folder, "*.scratch"))
        {
            File.Delete(left);
        }
    }

    /// <summary>Bytes of memory free; negative while sums take more than there was.</summary>
    public long FreeMemory => _memory.Free;

    /// <summary>Bytes of scratch free.</summary>
    public long FreeScratch => _scratch.Free;

    /// <summary>Bytes that updates may still be promised.</summary>
    public long FreeRoom => _room.Free;

    /// <summary>Blocks for what is staged.</summary>
    internal BlockPool Pool { get; }

    /// <summary>Bytes of scratch files that nobody uses and that are kept for the next.</summary>
    internal long KeptScratch => _files.KeptBytes;

    /// <summary>Room for an update; null where there is none now.</summary>
    internal IStagedBlocks? TryOpen(long bytes) => _room.TryTake(bytes) ? new StagedBlocks(this, bytes) : null;

    /// <summary>Takes memory for a sum, which no scratch file can hold.</summary>
    internal SumBlocks OpenSum(long bytes) => new(this, bytes);

    /// <summary>Takes memory whether there is any or not.</summary>
    internal void TakeMemory(long bytes)
    {
        _memory.Take(bytes);
        Pool.Trim();
    }

    /// <summary>Takes memory for a block whose update has room. False where the block belongs into a scratch file.</summary>
    internal bool TryTakeMemory(long bytes)
    {
        if (_memory.TryTake(bytes))
        {
            return true;
        }

        if (_scratch.Free >= bytes)
        {
            return false;
        }

        // Sums have taken what the block was promised.
        _memory.Take(bytes);
        return true;
    }

    /// <summary>Gives memory back.</summary>
    internal void GiveMemoryBack(long bytes) => _memory.GiveBack(bytes);

    /// <summary>Gives an update's room back.</summary>
    internal void GiveBack(long bytes) => _room.GiveBack(bytes);

    /// <summary>A scratch file for blocks of an update.</summary>
    /// <exception cref="IOException">There is none to be had.</exception>
    internal ScratchBlocks OpenScratch(long bytes) => new(_files, bytes);
}
