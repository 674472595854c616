namespace FederatedOrleans.Site.Participants;

/// <summary>Pauses between attempts: they double, are jittered by half, never exceed their bound, and begin anew.</summary>
public sealed class BackOffTests
{
    [Fact]
    public void Pauses_double_within_half_and_all_of_their_bound()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(30));

        foreach (var bound in new[] { 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000 })
        {
            Assert.InRange(backOff.Next().TotalMilliseconds, bound / 2.0, bound);
        }
    }

    [Fact]
    public void After_a_success_they_begin_anew()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(30));
        for (var failure = 0; failure < 10; failure++)
        {
            backOff.Next();
        }

        backOff.Reset();

        Assert.InRange(backOff.Next().TotalMilliseconds, 125, 250);
    }

    [Fact]
    public void Hospitals_do_not_come_back_all_at_once() => Assert.True(
        Enumerable.Range(0, 100).Select(_ => new BackOff(TimeSpan.FromSeconds(30)).Next()).Distinct().Count() > 10);
}
