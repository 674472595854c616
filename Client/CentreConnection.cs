using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace FederatedOrleans.Client;

/// <summary>An Orleans client that is connected to the centre, and what its failures mean to people.</summary>
internal sealed class CentreConnection : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _where;
    private int _disposed;

    private CentreConnection(IHost host, string where)
    {
        (_host, _where) = (host, where);
        Grains = host.Services.GetRequiredService<IClusterClient>();
    }

    public IGrainFactory Grains { get; }

    public static async Task<CentreConnection> OpenAsync(FederationClientOptions options, CancellationToken cancellationToken)
    {
        var gateways = Parse(options);
        var where = string.Join(", ", options.Gateways);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.ConnectTimeout);
        IHost? host = null;
        try
        {
            var endpoints = (await Task.WhenAll(gateways.Select(gateway => gateway.ResolveAsync(deadline.Token))))
                .SelectMany(list => list).Distinct().ToArray();
            if (endpoints.Length == 0)
            {
                throw new CentreUnreachableException($"No host of the name in {where} is known: check the gateways of the connection.");
            }

            host = Build(options, endpoints);
            await host.StartAsync(deadline.Token).WaitAsync(deadline.Token);
            var connection = new CentreConnection(host, where);
            host = null;
            return connection;
        }
        catch (Exception failure) when (failure is not CentreUnreachableException && !cancellationToken.IsCancellationRequested)
        {
            throw new CentreUnreachableException(
                $"The centre can't be reached at {where} within {options.ConnectTimeout.TotalSeconds:0.#} s: "
                + "check that it runs, its gateways and its cluster id.", failure);
        }
        finally
        {
            await StopAsync(host);
        }
    }

    /// <summary>Carries out a call; Orleans' failures come back in the caller's words.</summary>
    public async Task<T> CallAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, typeof(FederationClient));
        try
        {
            return await call(Grains).WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (!IsOwn(failure, cancellationToken))
        {
            throw Translate(failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await StopAsync(_host);
        }
    }

    private static bool IsOwn(Exception failure, CancellationToken cancellationToken) =>
        failure is FederationException || (failure is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private Exception Translate(Exception failure) => failure switch
    {
        UnauthorizedAccessException => new FederationException(failure.Message, failure),
        TimeoutException or SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException
            or ClientNotAvailableException or GatewayTooBusyException or SocketException or IOException
            or OperationCanceledException or ObjectDisposedException =>
            new CentreUnreachableException($"The centre at {_where} does not answer: {failure.GetType().Name}.", failure),
        ArgumentException => new FederationException(
            $"The centre at {_where} does not offer this: its version may be another than this client's.", failure),
        _ => new FederationException($"The centre at {_where} failed: {failure.Message}", failure),
    };

    private static List<Gateway> Parse(FederationClientOptions options)
    {
        var gateways = new List<Gateway>();
        foreach (var text in options.Gateways.IsDefaultOrEmpty ? [] : options.Gateways)
        {
            gateways.Add(Gateway.TryParse(text, out var gateway)
                ? gateway
                : throw new FederationException($"The gateway '{text}' must be host:port, such as 127.0.0.1:30000."));
        }

        return gateways.Count > 0 ? gateways : throw new FederationException("At least one gateway is needed, such as 127.0.0.1:30000.");
    }

    private static IHost Build(FederationClientOptions options, System.Net.IPEndPoint[] endpoints)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.UseOrleansClient(client => client
            .UseStaticClustering(endpoints)
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId))
            .Configure<ClientMessagingOptions>(messaging =>
            {
                messaging.ResponseTimeout = options.CallTimeout;
                messaging.CancelRequestOnTimeout = true;
            })
            .Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5))
            .UseConnectionRetryFilter(async (_, token) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), token);
                return true;
            })
            .AddOutgoingGrainCallFilter(new TokenCallFilter(options.Token)));
        return builder.Build();
    }

    private static async Task StopAsync(IHost? host)
    {
        if (host is null)
        {
            return;
        }

        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await host.StopAsync(deadline.Token).WaitAsync(deadline.Token);
        }
#pragma warning disable CA1031 // A client that is being closed has nobody to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The process or the centre is going away.
        }

        switch (host)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            default:
                host.Dispose();
                break;
        }
    }
}
