using CsCheck;

namespace FederatedOrleans.Transfers;

/// <summary>How long bytes wait.</summary>
public sealed class ByteRateTests
{
    [Fact]
    public void A_quarter_of_a_second_passes_at_once_and_the_rest_in_its_time()
    {
        var rate = new ByteRate(1000);
        Assert.Equal(TimeSpan.Zero, rate.Take(250, TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromMilliseconds(100), rate.Take(100, TimeSpan.Zero));

        // Too early by 40 ms, which are waited for with the next.
        Assert.Equal(TimeSpan.FromMilliseconds(140), rate.Take(100, TimeSpan.FromMilliseconds(60)));

        // However long nothing passed, no more than the burst was saved.
        Assert.Equal(TimeSpan.FromMilliseconds(50), rate.Take(300, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Whoever_waits_never_passes_more_than_the_rate_and_the_burst() =>
        Gen.Select(Gen.Long[16_384, 1L << 40], Gen.Int[1, 65_536].Array[1, 200]).Sample((bytesPerSecond, pieces) =>
        {
            var rate = new ByteRate(bytesPerSecond);
            var now = TimeSpan.Zero;
            foreach (var piece in pieces)
            {
                now += rate.Take(piece, now);
            }

            // A tick is rounded at each piece.
            var most = bytesPerSecond * (now + TimeSpan.FromMilliseconds(250) + TimeSpan.FromTicks(pieces.Length)).TotalSeconds;
            Assert.InRange(pieces.Sum(piece => (long)piece), 0, most);
            var least = bytesPerSecond * (now - TimeSpan.FromTicks(pieces.Length)).TotalSeconds;
            Assert.True(pieces.Sum(piece => (long)piece) >= least, "It waited for longer than the bytes take.");
        });

    [Theory]
    [InlineData(1, 512)]
    [InlineData(16_384, 2_048)]
    [InlineData(1_000_000, 65_536)]
    public void Pieces_are_so_small_that_a_transfer_moves_often(long bytesPerSecond, int piece) =>
        Assert.Equal(piece, new ByteRate(bytesPerSecond).PieceBytes);
}
