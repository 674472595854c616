using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Link.V1;
using FederatedOrleans.Site.Link;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Bench.Links;

/// <summary>What calls alone cost: the same clients, certificates and contract against a server that answers at once, in this process.</summary>
internal sealed class BareCalls : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ImmutableArray<LinkKit> _kits;
    private readonly ImmutableArray<GrpcHospitalLink> _links;

    private BareCalls(WebApplication server, ImmutableArray<LinkKit> kits, ImmutableArray<GrpcHospitalLink> links) =>
        (_server, _kits, _links) = (server, kits, links);

    /// <summary>Starts the server and connects the clients.</summary>
    public static async Task<BareCalls> StartAsync(LinkFederation federation, CancellationToken cancellationToken)
    {
        var silo = LinkKit.Load(federation.SiloKit, TimeProvider.System, LinkRole.Silo);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            var tls = LinkTls.ServerOptions(silo.Certificate, silo.PeerValidator(TimeProvider.System), _ => { });
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls) });
        }));
        var server = builder.Build();
        server.MapGrpcService<EmptyLink>();
        await server.StartAsync(cancellationToken);
        var address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        ImmutableArray<LinkKit> kits = [.. federation.Kits.Select(kit => LinkKit.Load(kit, TimeProvider.System, LinkRole.Hospital))];
        var links = kits.Select(kit => new GrpcHospitalLink(address, () => LinkClient.HandlerOf(kit), TimeProvider.System)).ToImmutableArray();
        await Task.WhenAll(links.Select(link => link.NextAsync(cancellationToken)));
        return new(server, kits.Add(silo), links);
    }

    /// <summary>The time in milliseconds in which every client makes so many calls, one after the other, all clients at once: the median.</summary>
    public async Task<double> MeasureAsync(int callsEach, int times, CancellationToken cancellationToken)
    {
        var measured = new List<double>();
        for (var time = 0; time < times; time++)
        {
            var began = Stopwatch.GetTimestamp();
            await CallAsync(callsEach, cancellationToken);
            measured.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return Quantiles.AtPart(measured, .5);
    }

    /// <summary>The time in milliseconds of a round that is nothing but its calls and commits, in the order in which a round has them: the median.</summary>
    /// <remarks>
    /// A commit, then a call of every client; the same for each further call; then what commits are left. A disk that was left alone for a
    /// millisecond takes longer over the next flush than one that is kept busy.
    /// </remarks>
    public async Task<double> MeasureRoundAsync(BareCommits commits, int count, int callsEach, int times, CancellationToken cancellationToken)
    {
        var measured = new List<double>();
        for (var time = 0; time < times; time++)
        {
            var began = Stopwatch.GetTimestamp();
            for (var step = 0; step < Math.Max(count, callsEach); step++)
            {
                if (step < count)
                {
                    await commits.CommitAsync(cancellationToken);
                }

                if (step < callsEach)
                {
                    await CallAsync(callsEach: 1, cancellationToken);
                }
            }

            measured.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return Quantiles.AtPart(measured, .5);
    }

    private Task CallAsync(int callsEach, CancellationToken cancellationToken) => Task.WhenAll(_links.Select(link => Task.Run(
        async () =>
        {
            for (var call = 0; call < callsEach; call++)
            {
                await link.NextAsync(cancellationToken);
            }
        },
        cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
        {
            link.Dispose();
        }

        await _server.DisposeAsync();
        foreach (var kit in _kits)
        {
            kit.Dispose();
        }
    }

    private sealed class EmptyLink : HospitalLink.HospitalLinkBase
    {
        public override Task<NextAssignmentReply> NextAssignment(NextAssignmentRequest request, ServerCallContext context) =>
            Task.FromResult(new NextAssignmentReply());
    }
}
