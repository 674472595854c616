using System.IO.Pipelines;
using FederatedOrleans.Transfers;

namespace FederatedOrleans.Hospitals;

/// <summary>Sends plans and models, large ones to a few hospitals at a time where their lines are faster than this silo.</summary>
/// <remarks>
/// Ten hospitals that download at once all have the model at the end. A few at a time the first writes it, trains and writes its update
/// while the others download, so that processors, disks and lines are at work together. Of those that wait it is the first in the order in
/// which updates are added up: whoever has the model early has its update early, and one that can't be added yet takes memory until it can,
/// or goes to the disk and back. Whoever's line is slow is not waited for.
/// </remarks>
/// <param name="atOnce">To how many that take what they are sent at once.</param>
/// <param name="isBusy">Whether this machine is what takes its time.</param>
internal sealed class DownloadTurns(int atOnce, Func<bool> isBusy)
{
    /// <summary>Bytes that are read and sent at a time.</summary>
    internal const int PieceBytes = 512 * 1024;

    /// <summary>What is shorter is sent before anybody would have waited.</summary>
    internal const int LongBytes = 4 << 20;

    // What the connection takes in less time goes over a line of more than 400 Mbit/s; where the machine is busy, that is no sign of the line.
    private static readonly TimeSpan Ready = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly TransferTurns _turns = new(atOnce, LongestWait);

    /// <summary>Sends so many bytes of a content from where it stands.</summary>
    /// <param name="hospital">To whom.</param>
    /// <param name="content">The content.</param>
    /// <param name="length">Bytes, as many as the content still has or fewer.</param>
    /// <param name="isPaced">Whether the content comes no faster than it may: nobody waits for such a one.</param>
    /// <param name="body">Where they go.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EndOfStreamException">The content is shorter.</exception>
    /// <exception cref="OperationCanceledException">Nobody reads the body any more.</exception>
    public async Task SendAsync(
        string hospital, Stream content, long length, bool isPaced, PipeWriter body, CancellationToken cancellationToken)
    {
        using var turn = isPaced || length < LongBytes ? null : _turns.For(hospital);
        var slowBytes = 0L;
        while (length > 0)
        {
            if (turn is not null && slowBytes <= 0)
            {
                await turn.TakeAsync(cancellationToken);
            }

            var moving = MoveAsync(content, length, body, cancellationToken);
            var moved = await (turn?.AwaitAsync(moving, Ready, isBusy) ?? moving);

            // A slow line takes some pieces at once, into buffers: it is fast when it has taken many.
            slowBytes = turn is { IsSlow: true } ? LongBytes : slowBytes - moved;
            length -= moved;
        }
    }

    /// <summary>Reads the next piece into what the connection sends from, and waits until it takes more.</summary>
    private static async Task<int> MoveAsync(Stream content, long most, PipeWriter body, CancellationToken cancellationToken)
    {
        var piece = body.GetMemory((int)Math.Min(PieceBytes, most));
        var read = await content.ReadAsync(piece[..(int)Math.Min(piece.Length, most)], cancellationToken);
        if (read == 0)
        {
            throw new EndOfStreamException("A stored content is shorter than it was when its sending began.");
        }

        body.Advance(read);
        var flushed = await body.FlushAsync(cancellationToken);
        return flushed.IsCanceled || flushed.IsCompleted ? throw new OperationCanceledException("Nobody reads the download any more.") : read;
    }
}
