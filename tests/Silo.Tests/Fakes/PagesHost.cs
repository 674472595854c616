using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace FederatedOrleans.Operators.Fakes;

/// <summary>A one-silo cluster of fake grains with the real pages on a free loopback port, and a second port that stands for the link.</summary>
public sealed class PagesHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PagesHost(WebApplication app, FakeFederation federation, Uri web, Uri link) =>
        (_app, Federation, Web, Link) = (app, federation, web, link);

    public FakeFederation Federation { get; }

    public Uri Web { get; }

    public Uri Link { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<PagesHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        var ports = FreePorts(4);
        var federation = new FakeFederation(TimeProvider.System).Populate();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(
            setting => $"{OperatorPagesOptions.Section}:{setting.Name}", setting => (string?)setting.Value, StringComparer.Ordinal));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(ports[0]);
            kestrel.ListenLocalhost(ports[1]);
        });
        builder.Services.AddRouting();
        builder.Services.AddSingleton(federation);
        builder.Services.AddSingleton<IOperatorTokenVerifier, FakeTokenVerifier>();
        builder.Services.AddOperatorPages(builder.Configuration.GetSection(OperatorPagesOptions.Section));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports[2], ports[3]);
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ($"pages-{ports[2]}", "pages"));
            silo.AddMemoryGrainStorageAsDefault();
            silo.UseInMemoryReminderService();
            silo.AddOperatorDashboard();

            // The real grains, and other tests' stand-ins, implement the same interfaces; the pages are tested apart from them.
            silo.Services.Configure<GrainTypeOptions>(types =>
                types.Classes.RemoveWhere(type => type.Assembly.GetName().Name == "FederatedOrleans.Grains"
                    || type.Namespace == "FederatedOrleans.Silo.Tests.Security"));
        });

        var app = builder.Build();
        app.UseRouting();
        app.UseOperatorPages();
        app.MapOperatorPages().BindToPort(ports[0]);
        app.MapGet("/link-only", () => "link").AllowAnonymous().BindToPort(ports[1]);
        app.MapGet("/unbound", () => "nobody sees this").AllowAnonymous();
        await app.StartAsync();
        return new(app, federation, new($"http://localhost:{ports[0]}"), new($"http://localhost:{ports[1]}"));
    }

    /// <summary>A client that keeps cookies and follows no redirect.</summary>
    public HttpClient Client(Uri? address = null) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new(), UseProxy = false }) { BaseAddress = address ?? Web };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
