using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace FederatedOrleans.Hospitals;

/// <summary>Long contents are sent to a few hospitals at a time, and to slow lines all at once.</summary>
public sealed class DownloadTurnsTests
{
    private const int Bytes = DownloadTurns.LongBytes + DownloadTurns.PieceBytes + 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Long_contents_are_sent_one_after_another_in_the_order_of_hospitals_and_short_ones_at_once()
    {
        var turns = new DownloadTurns(1, () => false);
        var reads = new ConcurrentQueue<string>();
        List<Task> later = [];
        await SendAsync("b", Bytes, () =>
        {
            if (later.Count == 0)
            {
                later.Add(SendAsync("d", Bytes));
                later.Add(SendAsync("c", Bytes));
                later.Add(SendAsync("a, short", DownloadTurns.LongBytes - 1));
                Assert.True(later[^1].IsCompletedSuccessfully);
            }
        }).WaitAsync(Patience, Stop);
        await Task.WhenAll(later).WaitAsync(Patience, Stop);

        string[] order = [.. reads.Where((sent, at) => at == 0 || reads.ElementAt(at - 1) != sent)];
        Assert.Equal(["b", "a, short", "b", "c", "d"], order);

        Task SendAsync(string name, int bytes, Action? read = null) => turns.SendAsync(
            name,
            new ToldStream(Content(), () =>
            {
                reads.Enqueue(name);
                read?.Invoke();
            }),
            bytes,
            false,
            PipeWriter.Create(Stream.Null),
            Stop);
    }

    [Fact]
    public async Task A_slow_line_keeps_nobody_waiting_and_gets_all_bytes()
    {
        var turns = new DownloadTurns(1, () => false);
        var slow = new Pipe();
        var sending = SendAsync(slow.Writer);
        var fast = new MemoryStream();
        await SendAsync(PipeWriter.Create(fast, new(leaveOpen: true))).WaitAsync(Patience, Stop);
        Assert.Equal(Content(), fast.ToArray());
        Assert.False(sending.IsCompleted);

        var late = new MemoryStream();
        var reading = slow.Reader.CopyToAsync(late, Stop);
        await sending.WaitAsync(Patience, Stop);
        await reading.WaitAsync(Patience, Stop);
        Assert.Equal(Content(), late.ToArray());

        async Task SendAsync(PipeWriter body)
        {
            await turns.SendAsync("a", new MemoryStream(Content()), Bytes, false, body, Stop);
            await body.CompleteAsync();
        }
    }

    [Fact]
    public async Task A_line_that_was_slow_takes_pieces_without_a_turn_until_it_has_taken_many()
    {
        var turns = new DownloadTurns(1, () => false);
        var bursty = new Pipe(new PipeOptions(pauseWriterThreshold: 4 * DownloadTurns.PieceBytes, resumeWriterThreshold: DownloadTurns.PieceBytes));
        var sending = turns.SendAsync("a", new MemoryStream(Content()), Bytes, false, bursty.Writer, Stop);

        // It fills the buffer and stands; another one has the turn from then on, and keeps it.
        using var held = new ManualResetEventSlim();
        var isBegun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = new ToldStream(Content(), () =>
        {
            isBegun.TrySetResult();
            held.Wait(Patience, Stop);
        });
        var stuck = Task.Run(() => turns.SendAsync("a", holding, Bytes, false, PipeWriter.Create(Stream.Null), Stop), Stop);
        await isBegun.Task.WaitAsync(Patience, Stop);

        // The pieces that its buffer takes at once need no turn: with one, each would be waited for.
        var took = TimeProvider.System.GetTimestamp();
        for (var taken = 0L; taken < DownloadTurns.LongBytes;)
        {
            var read = await bursty.Reader.ReadAsync(Stop);
            taken += read.Buffer.Length;
            bursty.Reader.AdvanceTo(read.Buffer.End);
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(took), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        held.Set();
        await stuck.WaitAsync(Patience, Stop);
        var draining = bursty.Reader.CopyToAsync(Stream.Null, Stop);
        await sending.WaitAsync(Patience, Stop);
        await bursty.Writer.CompleteAsync();
        await draining.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task A_busy_machine_is_not_taken_for_a_slow_line_but_not_for_ever()
    {
        var asked = 0;
        var turns = new DownloadTurns(1, () => ++asked > 0);
        var standing = new Pipe();
        var sending = turns.SendAsync("a", new MemoryStream(Content()), Bytes, false, standing.Writer, Stop);
        await turns.SendAsync("a", new MemoryStream(Content()), Bytes, false, PipeWriter.Create(Stream.Null), Stop).WaitAsync(Patience, Stop);
        Assert.False(sending.IsCompleted);
        Assert.InRange(asked, 2, 19);

        var draining = standing.Reader.CopyToAsync(Stream.Null, Stop);
        await sending.WaitAsync(Patience, Stop);
        await standing.Writer.CompleteAsync();
        await draining.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task What_is_paced_needs_no_turn()
    {
        var turns = new DownloadTurns(0, () => false);
        var sent = new MemoryStream();
        var body = PipeWriter.Create(sent, new(leaveOpen: true));
        var sending = turns.SendAsync("a", new MemoryStream(Content()), Bytes, true, body, Stop);

        // Nobody gives turns here: with one it would be waited for.
        Assert.True(sending.IsCompletedSuccessfully);
        await body.CompleteAsync();
        Assert.Equal(Content(), sent.ToArray());
    }

    [Fact]
    public async Task A_content_that_ends_too_early_is_no_whole_answer_and_its_turn_is_over()
    {
        var turns = new DownloadTurns(1, () => false);
        var body = PipeWriter.Create(Stream.Null);
        await Assert.ThrowsAsync<EndOfStreamException>(() => turns.SendAsync("a", new MemoryStream(Content()), Bytes + 1, false, body, Stop));
        await turns.SendAsync("a", new MemoryStream(Content()), Bytes, false, body, Stop).WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Nobody_sends_to_a_connection_that_is_gone()
    {
        var turns = new DownloadTurns(1, () => false);
        var gone = new Pipe();
        await gone.Reader.CompleteAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => turns.SendAsync("a", new MemoryStream(Content()), Bytes, false, gone.Writer, Stop));
        await turns.SendAsync("a", new MemoryStream(Content()), Bytes, false, PipeWriter.Create(Stream.Null), Stop).WaitAsync(Patience, Stop);
    }

    private static byte[] Content()
    {
        var content = new byte[Bytes];
        new Random(1).NextBytes(content);
        return content;
    }

    /// <summary>Bytes in memory that tell when they are read.</summary>
    private sealed class ToldStream(byte[] content, Action read) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            read();
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
