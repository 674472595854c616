using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Data;

/// <summary>Collects the rows of a dataset: in memory as long as they fit, from then on in a scratch file.</summary>
/// <param name="width">Inputs a row.</param>
/// <param name="memory">Most bytes of memory that the rows may take, in every form in which they are kept.</param>
/// <param name="folder">Where a scratch file is made.</param>
internal sealed class RowCollector(int width, long memory, string folder) : IDisposable
{
    // A value is kept as float32, and standardised in double.
    private const int BytesAValue = sizeof(float) + sizeof(double);
    private const int BlockBytes = 1024 * 1024;

    private float[] _values = new float[Math.Max(width, BlockBytes / sizeof(float))];
    private int _used;
    private SafeFileHandle? _file;
    private long _written;

    /// <summary>Rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <exception cref="DatasetException">The disk is full.</exception>
    public void Add(ReadOnlySpan<float> row)
    {
        if (_used + width > _values.Length)
        {
            MakeRoom();
        }

        row.CopyTo(_values.AsSpan(_used));
        _used += width;
        Count++;
    }

    /// <summary>The rows. The collector is spent.</summary>
    public RowMatrix Finish()
    {
        if (_file is null)
        {
            var values = _values.Length == _used ? _values : _values.AsSpan(0, _used).ToArray();
            _values = [];
            return new MemoryRows(values, Count, width);
        }

        Write();
        _values = [];
        var rows = new ScratchRows(_file, Count, width);
        _file = null;
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void MakeRoom()
    {
        if (_file is null && (long)_values.Length * 2 * BytesAValue <= memory)
        {
            Array.Resize(ref _values, _values.Length * 2);
            return;
        }

        var isFirst = _file is null;
        Write();
        if (isFirst)
        {
            _values = new float[Math.Max(width, BlockBytes / sizeof(float))];
        }
    }

    private void Write()
    {
        try
        {
            _file ??= Create(folder);
            RandomAccess.Write(_file, MemoryMarshal.AsBytes(_values.AsSpan(0, _used)), _written);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                $"There is no room in {folder} for the dataset's rows, of which {Count:N0} were read: free its disk, or allow more memory by memoryLimit.");
        }

        _written += (long)_used * sizeof(float);
        _used = 0;
    }

    private static SafeFileHandle Create(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.rows");
        var options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, options);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

            // Without a name nothing of it is left, however the process ends.
            File.Delete(path);
        }

        return file;
    }
}
