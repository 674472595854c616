using System.Globalization;
using System.Threading.RateLimiting;
using FederatedOrleans.Link;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Link.Transfers;
using FederatedOrleans.Operators;
using FederatedOrleans.Transfers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FederatedOrleans.Hospitals;

/// <summary>Adds the hospital link to the Silo: an endpoint of its own, mutual TLS 1.3, and nothing else behind it.</summary>
internal static class HospitalLinkExtensions
{
    private const string UploadPolicy = "link-upload";
    private const string ControlPolicy = "link-control";
    private const int LargestMessage = 256 * 1024;
    private const int WindowBytes = 8 << 20;
    private const int FrameBytes = 1 << 20;
    private static readonly TimeSpan ComeBackIn = TimeSpan.FromSeconds(1);

    /// <summary>Services of the link.</summary>
    public static void AddHospitalLink(this IServiceCollection services, LinkKit kit, TimeProvider time, LinkLimits? limited = null)
    {
        var most = limited ?? new LinkLimits();
        services.AddSingleton<IMemoryPoolFactory<byte>, LinkMemoryPool.Factory>();
        services.Configure<SocketTransportOptions>(Tune);
        services.AddSingleton(new HospitalPaces(most, time));
        services.AddSingleton<ShortModels>();
        services.AddSingleton(new DownloadTurns(Environment.ProcessorCount, MachineLoad.IsBusy));
        services.AddSingleton(new LinkCertificateValidator([kit.Authority], kit.Identity.Federation, LinkRole.Hospital, time));
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = LargestMessage;
            options.Interceptors.Add<PassingFaultInterceptor>();
        });
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.OnRejected = (rejected, _) =>
            {
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) && known > ComeBackIn ? known : ComeBackIn;
                rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            limits.AddConcurrencyLimiter(UploadPolicy, uploads =>
            {
                uploads.PermitLimit = most.UploadsAtOnce;
                uploads.QueueLimit = most.UploadsWaiting;
                uploads.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
            });
            limits.AddPolicy(ControlPolicy, context => RateLimitPartition.GetTokenBucketLimiter(
                HospitalIdentity.Of(context).Hospital,
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = most.CallsPerSecond * 2,
                    TokensPerPeriod = most.CallsPerSecond,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    QueueLimit = most.CallsPerSecond,
                }));
        });
    }

    /// <summary>The link's endpoint.</summary>
    public static void ListenForHospitals(this KestrelServerOptions kestrel, System.Net.IPEndPoint endpoint, LinkKit kit)
    {
        kestrel.Limits.Http2.InitialConnectionWindowSize = WindowBytes;
        kestrel.Limits.Http2.InitialStreamWindowSize = WindowBytes;
        kestrel.Limits.Http2.MaxFrameSize = FrameBytes;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(20);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            var validator = kestrel.ApplicationServices.GetRequiredService<LinkCertificateValidator>();
            var log = kestrel.ApplicationServices.GetRequiredService<ILogger<HospitalLinkService>>();
            var tls = LinkTls.ServerOptions(
                kit.Certificate, validator, verdict => HospitalLinkLog.Refused(log, verdict.Refusal.ToString()!, verdict.Reason));
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls) });
        });
    }

    /// <summary>Asks, on the link's port, for an admitted key before anything else is looked at.</summary>
    public static void UseHospitalIdentity(this WebApplication app, int port) => app.UseWhen(
        context => context.Connection.LocalPort == port,
        branch => branch.UseMiddleware<PassingFaultMiddleware>().UseMiddleware<HospitalIdentityMiddleware>());

    /// <summary>The link's routes, on its own port only.</summary>
    public static void MapHospitalLink(this WebApplication app, int port)
    {
        app.MapGrpcService<HospitalLinkService>().RequireRateLimiting(ControlPolicy).BindToPort(port);
        app.MapGet($"{LinkRoutes.Blobs}/{{digest}}", BlobEndpoint.GetAsync).RequireRateLimiting(ControlPolicy).BindToPort(port);
        const string Update = LinkRoutes.Updates + "/{run}/{round:int}/{attempt:int}/{epoch:long}";
        app.MapMethods(Update, ["HEAD"], UpdateEndpoint.HeadAsync).RequireRateLimiting(ControlPolicy).BindToPort(port);
        app.MapPut(Update, UpdateEndpoint.PutAsync)
            .RequireRateLimiting(UploadPolicy)
            .WithMetadata(new DisableRequestSizeLimitMetadata())
            .BindToPort(port);
    }

    private static void Tune(SocketTransportOptions sockets)
    {
        // The thread that received bytes decrypts and reads them too: nobody here keeps it for long, and to hand them on costs more.
        sockets.UnsafePreferInlineScheduling = true;
        sockets.CreateBoundListenSocket = endpoint =>
        {
            var listening = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            SendQueue.Limit(listening);
            return listening;
        };
    }
}
