using System.Buffers;
using System.Security.Cryptography;
using FederatedOrleans.Identity;
using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Blobs;

/// <summary>Writes a long content slice by slice as it is made: while one is made, those before it are written and digested, and the disk works on the ones before them.</summary>
internal static class SlicedWrite
{
    /// <summary>Bytes of a slice.</summary>
    /// <remarks>
    /// For a longer write the system looks for memory in larger pieces, and takes some it had no use for yet rather than what was just let go;
    /// in a virtual machine that is memory which the host has to find first: 100 MB in slices of 2 MiB took 400 ms there, in slices of 1 MiB 30.
    /// </remarks>
    public const int SliceBytes = 1 << 20;

    private const int FlushEvery = 8 << 20;

    // One is made while another is written, and one waits: the system may have to find the pages of a new file, which takes longer than the making.
    private const int Slices = 3;

    /// <summary>Makes, writes and flushes a content, and gives its digest.</summary>
    /// <param name="file">A new file.</param>
    /// <param name="length">Bytes of the content: more than a slice, else it is simpler written whole.</param>
    /// <param name="make">Makes its pieces, in their order, where it is called from.</param>
    /// <param name="cancellationToken">Stops it between two pieces.</param>
    /// <exception cref="IOException">The content can't be written.</exception>
    public static async Task<ContentDigest> WriteAsync(SafeFileHandle file, long length, MakePiece make, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffers = new byte[Slices][];
        var done = Enumerable.Repeat(Task.CompletedTask, Slices).ToArray();
        var (writing, digesting, flushing) = (Task.CompletedTask, Task.CompletedTask, Task.CompletedTask);
        var unflushed = new List<Task>();
        try
        {
            for (var (start, slot) = (0L, 0); start < length; start += SliceBytes, slot = (slot + 1) % Slices)
            {
                await done[slot];
                buffers[slot] ??= ArrayPool<byte>.Shared.Rent(SliceBytes);
                var slice = buffers[slot].AsMemory(0, (int)Math.Min(SliceBytes, length - start));
                await MakeAsync(make, start, slice, cancellationToken);
                writing = WriteSliceAsync(writing, slice, start);
                digesting = DigestAsync(digesting, slice);
                done[slot] = Task.WhenAll(writing, digesting);
                unflushed.Add(writing);
                if (start + slice.Length is var end && (end == length || end % FlushEvery == 0))
                {
                    flushing = FlushAsync(flushing, Task.WhenAll(unflushed));
                    unflushed.Clear();
                }
            }

            await Task.WhenAll([.. done, flushing]);
            return ContentDigest.FromHash(hash.GetHashAndReset());
        }
        finally
        {
            // Nobody reads a buffer, or writes to the file, after this.
            await Task.WhenAll([.. done, .. unflushed, flushing]).ConfigureAwait(
                ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            foreach (var buffer in buffers.OfType<byte[]>())
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        // One after another: the system lets one thread write to a file at a time, and has the other spin.
        async Task WriteSliceAsync(Task before, ReadOnlyMemory<byte> slice, long start)
        {
            await before.ConfigureAwait(false);
            await Task.Run(() => RandomAccess.Write(file, slice.Span, start), CancellationToken.None).ConfigureAwait(false);
        }

        async Task DigestAsync(Task before, ReadOnlyMemory<byte> slice)
        {
            await before.ConfigureAwait(false);
            await Task.Run(() => hash.AppendData(slice.Span), CancellationToken.None).ConfigureAwait(false);
        }

        async Task FlushAsync(Task before, Task written)
        {
            await before.ConfigureAwait(false);
            await written.ConfigureAwait(false);
            await Task.Run(() => RandomAccess.FlushToDisk(file), CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a part of a content piece by piece.</summary>
    /// <param name="make">Makes its pieces.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="part">Filled.</param>
    /// <param name="cancellationToken">Stops it between two pieces.</param>
    public static async Task MakeAsync(MakePiece make, long start, Memory<byte> part, CancellationToken cancellationToken)
    {
        for (var at = 0; at < part.Length; at += IBlobStore.PieceBytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await make(start + at, part[at..Math.Min(part.Length, at + IBlobStore.PieceBytes)], cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
