using FederatedOrleans.Data;
using FederatedOrleans.Training;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FederatedOrleans;

/// <summary>What trainers leave with the participant comes back from storage as it was.</summary>
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

    private static T RoundTrip<T>(T value)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}
