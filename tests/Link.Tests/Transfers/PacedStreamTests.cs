using Microsoft.Extensions.Time.Testing;

namespace FederatedOrleans.Link.Transfers;

/// <summary>Streams that are read no faster than they may be.</summary>
public sealed class PacedStreamTests
{
    private const int Bytes = 64 * 1024;
    private const int Rate = 16 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_come_in_small_pieces_each_in_its_time()
    {
        var time = new FakeTimeProvider();
        var began = time.GetUtcNow();
        await using var paced = new PacedStream(new MemoryStream(new byte[Bytes]), new BytePacer(Rate, time));
        var buffer = new byte[Bytes];
        var (held, longest) = (0, 0);
        while (true)
        {
            var reading = paced.ReadAsync(buffer.AsMemory(held), Token).AsTask();
            while (!reading.IsCompleted)
            {
                time.Advance(TimeSpan.FromMilliseconds(5));
            }

            var read = await reading;
            if (read == 0)
            {
                break;
            }

            held += read;
            longest = Math.Max(longest, read);
        }

        // 4 s, of which a quarter of a second is given at once; 5 ms are lost to each step of the clock at most.
        Assert.Equal(Bytes, held);
        Assert.Equal(Rate / 8, longest);
        Assert.InRange(time.GetUtcNow() - began, TimeSpan.FromSeconds(3.75), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Transfers_that_share_a_pacer_share_its_bytes()
    {
        var time = new FakeTimeProvider();
        var began = time.GetUtcNow();
        var pacer = new BytePacer(Rate, time);
        await using var first = new PacedStream(new MemoryStream(new byte[Bytes / 2]), pacer);
        await using var second = new PacedStream(new MemoryStream(new byte[Bytes / 2]), pacer, null);
        var both = Task.WhenAll(first.CopyToAsync(Stream.Null, Token), second.CopyToAsync(Stream.Null, Token));
        while (!both.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
        }

        await both;
        Assert.True(time.GetUtcNow() - began >= TimeSpan.FromSeconds(3.75), $"{time.GetUtcNow() - began} is too soon");
    }

    [Fact]
    public async Task A_wait_ends_when_it_is_cancelled()
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var paced = new PacedStream(new MemoryStream(new byte[Bytes]), new BytePacer(1, new FakeTimeProvider()));
        var reading = paced.ReadAsync(new byte[Bytes], given.Token).AsTask();
        Assert.False(reading.IsCompleted);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Without_a_pacer_nothing_waits()
    {
        await using var paced = new PacedStream(new MemoryStream(new byte[Bytes]), null, null);
        Assert.Equal(Bytes, await paced.ReadAsync(new byte[Bytes], Token));
    }
}
