using FederatedOrleans.Operators.Fakes;

namespace FederatedOrleans.Operators;

public sealed class PagesHostFixture : IAsyncLifetime
{
    public PagesHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await PagesHost.StartAsync(("AllowedHosts:0", "fed.example"), ("AllowedHosts:1", "fd00::1"), ("LoginAttemptsPerMinute", "1000"));

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
