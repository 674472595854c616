using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FederatedOrleans.Security;
using FederatedOrleans.Silo.Tests.Security;
using FederatedOrleans.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

[assembly: AssemblyFixture(typeof(GuardedSilo))]

namespace FederatedOrleans.Silo.Tests.Security;

/// <summary>A silo with the filter and an Orleans client of it, over real sockets.</summary>
public sealed class GuardedSilo : IAsyncLifetime, ILoggerProvider
{
    private IHost? _silo;
    private IHost? _client;

    public TokenKey Key { get; } = TokenKey.Create();

    public IClusterClient Client => _client!.Services.GetRequiredService<IClusterClient>();

    public IServiceProvider SiloServices => _silo!.Services;

    public ConcurrentQueue<string> Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var (siloPort, gatewayPort) = (FreePort(), FreePort());
        var silo = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        silo.Logging.AddProvider(this);
        silo.UseOrleans(builder => builder
            .UseLocalhostClustering(siloPort, gatewayPort, null, "test-service", "test-cluster")
            .Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = IPAddress.Loopback)
            .AddFederationSecurity(_ => new TokenVerifier(Key.PublicPem, "heart", TimeProvider.System))
            .Services.PostConfigure<GrainTypeOptions>(options =>
                options.Classes.RemoveWhere(type => type.Assembly.GetName().Name == "FederatedOrleans.Grains"
                    || type == typeof(Operators.Fakes.FakeFederationGrain) || type == typeof(Operators.Fakes.FakeRunGrain))));
        _silo = silo.Build();
        await _silo.StartAsync();

        var client = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        client.UseOrleansClient(builder => builder.UseLocalhostClustering(gatewayPort, "test-service", "test-cluster"));
        _client = client.Build();
        await _client.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
        }

        if (_silo is not null)
        {
            await _silo.StopAsync();
            _silo.Dispose();
        }

        Key.Dispose();
    }

    public IssuedToken Issue(FederationRole role = FederationRole.Researcher, TokenUse use = TokenUse.Client, string subject = "ada") =>
        new TokenIssuer(Key, "heart", TimeProvider.System).Issue(new() { Subject = subject, Role = role, Use = use });

    public ILogger CreateLogger(string categoryName) => new Sink(Log);

    void IDisposable.Dispose()
    {
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Sink(ConcurrentQueue<string> log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");
    }
}
