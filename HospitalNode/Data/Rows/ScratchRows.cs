using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Data;

/// <summary>Rows in a scratch file without a name: it is gone with the process, or when nobody uses it any more.</summary>
/// <param name="file">The rows, float32 in this machine's order, one after the other.</param>
/// <param name="count">Rows.</param>
/// <param name="width">Inputs a row.</param>
internal sealed class ScratchRows(SafeFileHandle file, int count, int width) : RowMatrix
{
    /// <inheritdoc/>
    public override int Count => count;

    /// <inheritdoc/>
    public override int Width => width;

    /// <inheritdoc/>
    public override bool IsInMemory => false;

    /// <inheritdoc/>
    public override RowReader Open() => new Reader(file, count, width);

    private sealed class Reader : RowReader
    {
        private const int BlockBytes = 256 * 1024;

        private readonly SafeFileHandle _file;
        private readonly int _count;
        private readonly int _width;
        private readonly float[] _block;
        private int _first;
        private int _held;
        private int _last = -2;

        public Reader(SafeFileHandle file, int count, int width)
        {
            (_file, _count, _width) = (file, count, width);
            _block = new float[Math.Max(1, BlockBytes / (width * sizeof(float))) * width];
        }

        public override ReadOnlySpan<float> Row(int row)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_count, nameof(row));
            if (row < _first || row >= _first + _held)
            {
                // Whoever reads rows as they lie gets many at once; whoever jumps gets the one that was asked for.
                var next = row > _last && row - _last <= _block.Length / _width ? _block.Length / _width : 1;
                Read(row, Math.Min(next, _count - row));
            }

            _last = row;
            return _block.AsSpan((row - _first) * _width, _width);
        }

        private void Read(int first, int rows)
        {
            var bytes = MemoryMarshal.AsBytes(_block.AsSpan(0, rows * _width));
            var offset = (long)first * _width * sizeof(float);
            try
            {
                while (!bytes.IsEmpty)
                {
                    var read = RandomAccess.Read(_file, bytes, offset);
                    if (read == 0)
                    {
                        throw new IOException("The file is shorter than it was written.");
                    }

                    bytes = bytes[read..];
                    offset += read;
                }
            }
            catch (IOException)
            {
                _held = 0;
                throw new DatasetException("The scratch file that holds the rows cannot be read: look at the disk of the node's folder.");
            }

            (_first, _held) = (first, rows);
        }
    }
}
