using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Aggregation;

/// <summary>Open files without a name in a folder. One that is done with is kept for a while, to be written over by the next update of its length.</summary>
/// <remarks>
/// To write over what the system has in its cache costs a fraction of new pages and new blocks. What stands there was encrypted under a key
/// that is gone. Files in use and files kept are together never more than the budget. Safe for concurrent use.
/// </remarks>
/// <param name="folder">The folder, which must exist.</param>
/// <param name="budget">What files in use have taken bytes of.</param>
/// <param name="time">Tells how long a file was kept.</param>
internal sealed class ScratchFiles(string folder, StagingBudget budget, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _guard = new();

    // The oldest first.
    private readonly List<(SafeFileHandle File, long Bytes, long Since)> _kept = [];
    private ITimer? _timer;

    /// <summary>Bytes of the files that are kept.</summary>
    public long KeptBytes
    {
        get
        {
            lock (_guard)
            {
                return _kept.Sum(kept => kept.Bytes);
            }
        }
    }

    /// <summary>A file for an update whose bytes are taken from the budget already.</summary>
    /// <exception cref="IOException">The folder can't be written to.</exception>
    public SafeFileHandle Rent(long bytes)
    {
        lock (_guard)
        {
            if (_kept.FindLastIndex(kept => kept.Bytes == bytes) is var index and >= 0)
            {
                var file = _kept[index].File;
                _kept.RemoveAt(index);
                return file;
            }

            while (_kept.Count > 0 && _kept.Sum(kept => kept.Bytes) > budget.Free)
            {
                CloseOldest();
            }
        }

        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.scratch");
        var opened = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return opened;
    }

    /// <summary>Keeps a file whose bytes were given back to the budget.</summary>
    public void Return(SafeFileHandle file, long bytes)
    {
        lock (_guard)
        {
            _kept.Add((file, bytes, time.GetTimestamp()));
            _timer ??= time.CreateTimer(_ => CloseOld(), null, LookEvery, LookEvery);
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
        _kept[0].File.Dispose();
        _kept.RemoveAt(0);
    }
}
