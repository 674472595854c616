using FederatedOrleans.Data;
using FederatedOrleans.Identity;
using FederatedOrleans.Rounds;
using FederatedOrleans.Site.Participants;
using FederatedOrleans.Training;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FederatedOrleans;

/// <summary>What is stored comes back as it was: the participant's own state, and the resolved rules of a round.</summary>
public sealed class StoredStateTests
{
    [Fact]
    public void Standardization_round_trips()
    {
        var fitted = Standardization.Fit(Toy.Dataset(20));
        var back = RoundTrip(fitted);

        Assert.Equal(fitted.Mean, back.Mean);
        Assert.Equal(fitted.StandardDeviation, back.StandardDeviation);
        Assert.False(back.IsIdentity);
        Assert.True(RoundTrip(Standardization.None(3)).IsIdentity);
    }

    [Fact]
    public void Iterator_round_trips() =>
        Assert.Equal(new DataIteratorState { Pass = 5_000_000_000, Position = 7 }, RoundTrip(new DataIteratorState { Pass = 5_000_000_000, Position = 7 }));

    [Theory]
    [InlineData(null)]
    [InlineData("int8+lz4")]
    public void An_update_in_the_outbox_round_trips(string? encoding)
    {
        var digest = ContentDigest.Of("update"u8);
        var entry = new OutboxEntry
        {
            Id = new("run", 2, 1),
            Digest = digest,
            NumExamples = 20,
            Staged = new() { Residual = encoding is null ? null : new() { Id = new("run", 2, 1), Digest = digest } },
            Encoding = encoding,
        };

        Assert.Equal(entry, RoundTrip(entry));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(90)]
    public void Resolved_round_options_round_trip(int? graceSeconds)
    {
        var grace = graceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var options = new RoundOptions { GoalCount = 3, OverSelection = 1.3, Grace = grace }.Resolve(7).Options!;

        Assert.Equal(options, RoundTrip(options));
    }

    private static T RoundTrip<T>(T value)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}
