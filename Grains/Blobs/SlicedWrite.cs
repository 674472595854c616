using System.Buffers;
using System.Security.Cryptography;
using FederatedOrleans.Identity;
using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Blobs;

/// <summary>Writes a long content piece by piece as it is made: while one is made, those before it are written and digested, and the disk works on the ones before them.</summary>
/// <remarks>
/// For a write of more than a piece, 1 MiB, the system looks for memory in larger parts, and takes some it had no use for yet rather than what was
/// just let go; in a virtual machine that is memory which the host has to find first: 100 MB in writes of 2 MiB took 400 ms there, in pieces 30.
/// </remarks>
internal static class SlicedWrite
{
    private const int FlushEvery = 8 * IBlobStore.PieceBytes;

    // One is made while another is written, and one waits: the system may have to find the pages of a new file, which takes longer than the making.
    private const int Buffers = 3;

    /// <summary>Makes, writes and flushes a content, and gives its digest.</summary>
    /// <param name="file">A new file.</param>
    /// <param name="length">Bytes of the content: more than a piece, else it is simpler written whole.</param>
    /// <param name="make">Makes its pieces, in their order, where it is called from.</param>
    /// <param name="cancellationToken">Stops it between two pieces.</param>
    /// <exception cref="IOException">The content can't be written.</exception>
    public static async Task<ContentDigest> WriteAsync(SafeFileHandle file, long length, MakePiece make, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffers = new byte[Buffers][];
        var done = Enumerable.Repeat(Task.CompletedTask, Buffers).ToArray();
        var (writing, digesting, flushing) = (Task.CompletedTask, Task.CompletedTask, Task.CompletedTask);
        try
        {
            for (var (start, slot) = (0L, 0); start < length; start += IBlobStore.PieceBytes, slot = (slot + 1) % Buffers)
            {
                await done[slot];
                buffers[slot] ??= ArrayPool<byte>.Shared.Rent(IBlobStore.PieceBytes);
                var piece = buffers[slot].AsMemory(0, (int)Math.Min(IBlobStore.PieceBytes, length - start));
                cancellationToken.ThrowIfCancellationRequested();
                await make(start, piece, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();

                // One after another: the system lets one thread write to a file at a time, and has the other spin.
                var from = start;
                writing = AfterAsync(writing, () => RandomAccess.Write(file, piece.Span, from));
                digesting = AfterAsync(digesting, () => hash.AppendData(piece.Span));
                done[slot] = Task.WhenAll(writing, digesting);
                if (start + piece.Length is var end && (end == length || end % FlushEvery == 0))
                {
                    flushing = AfterAsync(Task.WhenAll(flushing, writing), () => RandomAccess.FlushToDisk(file));
                }
            }

            await Task.WhenAll(digesting, flushing);
            return ContentDigest.FromHash(hash.GetHashAndReset());
        }
        finally
        {
            // Nobody reads a buffer, or writes to the file, after this.
            await Task.WhenAll(writing, digesting, flushing).ConfigureAwait(
                ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            foreach (var buffer in buffers.OfType<byte[]>())
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static async Task AfterAsync(Task before, Action work)
    {
        await before.ConfigureAwait(false);
        await Task.Run(work, CancellationToken.None).ConfigureAwait(false);
    }
}
