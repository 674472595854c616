namespace FederatedOrleans.Aggregation;

/// <summary>Open files without a name in a folder. One that is done with is kept for a while, to be written over by the next update of its length.</summary>
/// <remarks>
/// To write over what the system has in its cache costs a fraction of new pages and new blocks. What stands there was encrypted under a key
/// that is gone. Files in use and files kept are together never more than the budget, and a block. Safe for concurrent use.
/// </remarks>
/// <param name="folder">The folder, which must exist.</param>
/// <param name="budget">What files in use take bytes of as they grow.</param>
/// <param name="time">Tells how long a file was kept.</param>
internal sealed class ScratchFiles(string folder, StagingBudget budget, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _guard = new();

    // The oldest first.
    private readonly List<(ScratchFile File, long Since)> _kept = [];
    private ITimer? _timer;

    /// <summary>Bytes of the files that are kept.</summary>
    public long KeptBytes
    {
        get
        {
            lock (_guard)
            {
                return _kept.Sum(kept => kept.File.Bytes);
            }
        }
    }

    /// <summary>A file for blocks of an update.</summary>
    /// <param name="updateBytes">Bytes of the whole update.</param>
    /// <exception cref="IOException">The folder can't be written to.</exception>
    public ScratchFile Rent(long updateBytes)
    {
        lock (_guard)
        {
            if (_kept.FindLastIndex(kept => kept.File.UpdateBytes == updateBytes) is var index and >= 0)
            {
                var file = _kept[index].File;
                _kept.RemoveAt(index);
                budget.Take(file.Bytes);
                return file;
            }
        }

        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.scratch");
        var opened = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return new(opened, updateBytes);
    }

    /// <summary>Takes bytes of the budget for a file that grows; what is kept makes room for it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="bytes">How long it becomes; nothing happens where it is as long already.</param>
    public void Extend(ScratchFile file, long bytes)
    {
        if (bytes <= file.Bytes)
        {
            return;
        }

        lock (_guard)
        {
            budget.Take(bytes - file.Bytes);
            file.Bytes = bytes;
            while (_kept.Count > 0 && _kept.Sum(kept => kept.File.Bytes) > budget.Free)
            {
                CloseOldest();
            }
        }
    }

    /// <summary>Takes a file back, and gives its bytes back to the budget.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isReusable">Whether it may be kept for the next update.</param>
    public void Return(ScratchFile file, bool isReusable)
    {
        lock (_guard)
        {
            budget.GiveBack(file.Bytes);
            if (isReusable)
            {
                _kept.Add((file, time.GetTimestamp()));
                _timer ??= time.CreateTimer(_ => CloseOld(), null, LookEvery, LookEvery);
            }
            else
            {
                file.Handle.Dispose();
            }
        }
    }

    /// <summary>Closes what is kept, because the disk is full. False where there was nothing.</summary>
    public bool Close()
    {
        lock (_guard)
        {
            var any = _kept.Count > 0;
            while (_kept.Count > 0)
            {
                CloseOldest();
            }

            return any;
        }
    }

    private void CloseOld()
    {
        lock (_guard)
        {
            while (_kept.Count > 0 && time.GetElapsedTime(_kept[0].Since) >= Kept)
            {
                CloseOldest();
            }

            if (_kept.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    private void CloseOldest()
    {
        _kept[0].File.Handle.Dispose();
        _kept.RemoveAt(0);
    }
}
