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
    public async Task The_earliest_hospital_is_sent_to_first()
    {
        var turns = new DownloadTurns(1);
        var reads = new ConcurrentQueue<string>();
        List<Task> later = [];
        await SendAsync("c", () =>
        {
            if (later.Count == 0)
            {
                later.Add(SendAsync("b"));
                later.Add(SendAsync("a"));
            }
        }).WaitAsync(Patience, Stop);
        await Task.WhenAll(later).WaitAsync(Patience, Stop);

        string[] order = [.. reads.Where((hospital, at) => at == 0 || reads.ElementAt(at - 1) != hospital)];
        Assert.Equal(["c", "a", "b", "c"], order);

        Task SendAsync(string hospital, Action? read = null) => turns.SendAsync(
            hospital,
            new ToldStream(Content(), () =>
            {
                reads.Enqueue(hospital);
                read?.Invoke();
            }),
            Bytes,
            PipeWriter.Create(Stream.Null),
            Stop);
    }

    [Fact]
    public async Task A_slow_line_keeps_nobody_waiting_and_gets_all_bytes()
    {
        var turns = new DownloadTurns(1);
        var slow = new Pipe();
        var sending = SendAsync("a", slow.Writer);
        var fast = new MemoryStream();
        await SendAsync("b", PipeWriter.Create(fast, new(leaveOpen: true))).WaitAsync(Patience, Stop);
        Assert.Equal(Content(), fast.ToArray());
        Assert.False(sending.IsCompleted);

        var late = new MemoryStream();
        var reading = slow.Reader.CopyToAsync(late, Stop);
        await sending.WaitAsync(Patience, Stop);
        await reading.WaitAsync(Patience, Stop);
        Assert.Equal(Content(), late.ToArray());

        async Task SendAsync(string hospital, PipeWriter body)
        {
            await turns.SendAsync(hospital, new MemoryStream(Content()), Bytes, body, Stop);
            await body.CompleteAsync();
        }
    }

    [Fact]
    public async Task A_content_that_ends_too_early_is_no_whole_answer_and_its_turn_is_over()
    {
        var turns = new DownloadTurns(1);
        var body = PipeWriter.Create(Stream.Null);
        await Assert.ThrowsAsync<EndOfStreamException>(() => turns.SendAsync("a", new MemoryStream(Content()), Bytes + 1, body, Stop));
        await turns.SendAsync("b", new MemoryStream(Content()), Bytes, body, Stop).WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Nobody_sends_to_a_connection_that_is_gone()
    {
        var turns = new DownloadTurns(1);
        var gone = new Pipe();
        await gone.Reader.CompleteAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => turns.SendAsync("a", new MemoryStream(Content()), Bytes, gone.Writer, Stop));
        await turns.SendAsync("b", new MemoryStream(Content()), Bytes, PipeWriter.Create(Stream.Null), Stop).WaitAsync(Patience, Stop);
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
