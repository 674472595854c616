using System.Collections.Immutable;
using FederatedOrleans.Federation;
using FederatedOrleans.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FederatedOrleans.Silo.Tests.Security;

public sealed class RevokedTokenCacheTests
{
    private readonly FakeTimeProvider _time = new();
    private int _readings;
    private Func<ImmutableArray<RevokedToken>> _answer = () => [];

    private RevokedTokenCache Cache => field ??= new(
        () =>
        {
            _readings++;
            return Task.FromResult(_answer());
        },
        _time,
        NullLogger<RevokedTokenCache>.Instance);

    [Fact]
    public async Task Reads_at_most_every_five_seconds_and_then_denies()
    {
        Assert.False(await Cache.IsRevokedAsync("a"));
        _answer = () => [new("a", default)];
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(await Cache.IsRevokedAsync("a"));
        Assert.Equal(1, _readings);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(await Cache.IsRevokedAsync("a"));
        Assert.False(await Cache.IsRevokedAsync("b"));
        Assert.Equal(2, _readings);
    }

    [Fact]
    public async Task Tells_nothing_before_the_first_reading()
    {
        _answer = () => throw new TimeoutException();
        Assert.Null(await Cache.IsRevokedAsync("a"));
        _answer = () => [];
        Assert.False(await Cache.IsRevokedAsync("a"));
    }

    [Fact]
    public async Task Keeps_the_last_reading_for_a_minute()
    {
        _answer = () => [new("a", default)];
        Assert.True(await Cache.IsRevokedAsync("a"));
        _answer = () => throw new TimeoutException();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(await Cache.IsRevokedAsync("a"));
        Assert.False(await Cache.IsRevokedAsync("b"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await Cache.IsRevokedAsync("a"));
        Assert.Null(await Cache.IsRevokedAsync("b"));
    }
}
