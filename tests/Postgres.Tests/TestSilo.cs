using System.Net;
using System.Net.Sockets;
using FederatedOrleans.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;

namespace FederatedOrleans;

/// <summary>A silo on a test's database; its tables are driven from outside.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private const string Storage = "test";
    private readonly IHost _host;

    private TestSilo(IHost host) => _host = host;

    public IMembershipTable Membership => _host.Services.GetRequiredService<IMembershipTable>();

    public IReminderTable Reminders => _host.Services.GetRequiredService<IReminderTable>();

    public Serializer Serializer => _host.Services.GetRequiredService<Serializer>();

    public IGrainStorage States => _host.Services.GetRequiredKeyedService<IGrainStorage>(Storage);

    /// <summary>A silo that is not started: only its membership table may be used, once it is initialised.</summary>
    public static TestSilo Build(PostgresDatabase database)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        var ports = FreePorts();
        builder.UseOrleans(silo => silo
            .ConfigureEndpoints(IPAddress.Loopback, ports[0], ports[1])
            .Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = "test")
            .UsePostgres(database, Storage));
        return new(builder.Build());
    }

    /// <summary>A silo that runs.</summary>
    public static async Task<TestSilo> StartAsync(PostgresDatabase database)
    {
        var silo = Build(database);
        try
        {
            await silo._host.StartAsync(TestContext.Current.CancellationToken);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private static int[] FreePorts()
    {
        var listeners = new[] { new TcpListener(IPAddress.Loopback, 0), new TcpListener(IPAddress.Loopback, 0) };
        try
        {
            return [.. listeners.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            })];
        }
        finally
        {
            Array.ForEach(listeners, listener => listener.Dispose());
        }
    }
}
