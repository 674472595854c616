using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FederatedOrleans.Rounds;

public sealed class ResolvedRoundOptionsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(90)]
    public void Options_come_back_from_storage_as_they_were(int? graceSeconds)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var grace = graceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var options = new RoundOptions { GoalCount = 3, OverSelection = 1.3, Grace = grace }.Resolve(7).Options!;

        Assert.Equal(options, serializer.Deserialize<ResolvedRoundOptions>(serializer.SerializeToArray(options)));
        Assert.Equal(4, options.Invitations);
    }
}
