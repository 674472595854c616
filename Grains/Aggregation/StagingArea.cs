namespace FederatedOrleans.Aggregation;

/// <summary>Room for the updates that a silo stages at once: in memory first, beyond that in encrypted scratch files. Shared by its aggregators.</summary>
public sealed class StagingArea
{
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
        (_memory, _scratch) = (new(memory), new(scratch));
        _files = new(folder, _scratch, time ?? TimeProvider.System);
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.EnumerateFiles(folder, "*.scratch"))
        {
            File.Delete(left);
        }
    }

    /// <summary>Bytes of memory free.</summary>
    public long FreeMemory => _memory.Free;

    /// <summary>Bytes of scratch free.</summary>
    public long FreeScratch => _scratch.Free;

    /// <summary>Bytes of scratch files that nobody uses and that are kept for the next.</summary>
    internal long KeptScratch => _files.KeptBytes;

    /// <summary>Room for an update; null where there is none now.</summary>
    internal IStagedBlocks? TryOpen(long bytes)
    {
        if (_memory.TryTake(bytes))
        {
            return new MemoryBlocks(_memory, bytes);
        }

        if (!_scratch.TryTake(bytes))
        {
            return null;
        }

        try
        {
            return new ScratchBlocks(_files, _scratch, bytes);
        }
        catch (IOException)
        {
            _scratch.GiveBack(bytes);
            return null;
        }
    }
}
