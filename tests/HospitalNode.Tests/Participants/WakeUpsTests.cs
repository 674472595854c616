using FederatedOrleans.Site.Link;
using Microsoft.Extensions.Time.Testing;

namespace FederatedOrleans.Site.Participants;

/// <summary>What a site works by next, in whatever order it is told.</summary>
public sealed class WakeUpsTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new();
    private readonly WakeUps _wakeUps = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_told_is_worked_by_without_asking_and_only_once()
    {
        _wakeUps.Told(Inbox(7));
        Assert.Equal(7, (await NextAsync(known: 6))?.Version);

        var next = NextAsync(known: 7);
        Assert.False(next.IsCompleted);
        _time.Advance(Pause);
        Assert.Null(await next);
    }

    [Fact]
    public async Task Of_several_the_newest_counts()
    {
        _wakeUps.Told(Inbox(7));
        _wakeUps.Told(Inbox(8));
        Assert.Equal(8, (await NextAsync(known: 6))?.Version);
    }

    [Fact]
    public async Task The_same_again_is_worked_by_again()
    {
        // A withdrawal changes nothing where nothing was asked any more, and still says that an outcome can be had.
        _wakeUps.Told(Inbox(7));
        Assert.Equal(7, (await NextAsync(known: 7))?.Version);
    }

    [Theory]
    [InlineData(new long[] { 5 })]
    [InlineData(new long[] { 8, 7 })]
    [InlineData(new long[] { 7, 8, 7, 9 })]
    public async Task What_may_be_older_than_what_is_known_is_asked_about(long[] versions)
    {
        Assert.All(versions, version => _wakeUps.Told(Inbox(version)));
        Assert.Null(await NextAsync(known: 6));
    }

    [Fact]
    public async Task Who_has_to_ask_asks_whatever_is_told_besides()
    {
        _wakeUps.Told(Inbox(7));
        _wakeUps.Ask();
        _wakeUps.Told(Inbox(8));
        Assert.Null(await NextAsync(known: 6));

        _wakeUps.Told(null);
        Assert.Null(await NextAsync(known: 6));

        // And is done with it.
        _wakeUps.Told(Inbox(9));
        Assert.Equal(9, (await NextAsync(known: 6))?.Version);
    }

    private static SiteInbox Inbox(long version) => new(version, []);

    private Task<SiteInbox?> NextAsync(long known) => _wakeUps.WaitAsync(known, Pause, _time, Token);
}
