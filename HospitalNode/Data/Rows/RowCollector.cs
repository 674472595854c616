using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Data;

/// <summary>Collects the rows of a dataset: in memory as long as they fit, from then on in a scratch file.</summary>
/// <param name="width">Inputs a row.</param>
/// <param name="memory">Most bytes of memory that the rows may take, as they are and standardised; the first megabyte is not counted.</param>
/// <param name="folder">Where a scratch file is made.</param>
internal sealed class RowCollector(int width, long memory, string folder) : IDisposable
{
    // A value is kept as float32, and standardised in double.
    private const int BytesAValue = sizeof(float) + sizeof(double);
    private const int BlockBytes = 1024 * 1024;

    // A span of bytes cannot be longer than two gigabytes.
    private const int WrittenAtOnce = 16 * 1024 * 1024;

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
            for (var start = 0; start < _used; start += WrittenAtOnce)
            {
                var part = MemoryMarshal.AsBytes(_values.AsSpan(start, Math.Min(WrittenAtOnce, _used - start)));
                RandomAccess.Write(_file, part, _written);
                _written += part.Length;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                $"The dataset's rows are more than memoryLimit allows in memory, and cannot be written to {folder}: {exception.Message}");
        }

        _used = 0;
    }

    private static SafeFileHandle Create(string folder)
    {
        // In a folder of its own that nobody else may enter: between its making and its unlinking nobody can open it.
        Directory.CreateDirectory(folder);
        var own = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        if (OperatingSystem.IsWindows())
        {
            return File.OpenHandle(own, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        }

        Directory.CreateDirectory(own, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            // Without a name nothing of it is left, however the process ends.
            return File.OpenHandle(Path.Combine(own, "rows"), FileMode.CreateNew, FileAccess.ReadWrite);
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }
}
