using System.Globalization;
using System.Net;
using FederatedOrleans.Identity;
using FederatedOrleans.Link;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Hospitals;

/// <summary>A hospital that says on the link what a test wants said.</summary>
internal sealed class LinkHospital : IDisposable
{
    public LinkHospital(string id, LinkKit kit, Uri address)
    {
        (Id, Address) = (id, address);
        Handler = () => new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = LinkTls.ClientOptions(kit.Certificate, kit.PeerValidator(TimeProvider.System)),
        };
        Http = new HttpClient(Handler())
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(2),
        };
    }

    public string Id { get; }

    public Uri Address { get; }

    /// <summary>Makes a handler that shows this hospital's certificate.</summary>
    public Func<SocketsHttpHandler> Handler { get; }

    public HttpClient Http { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<LinkAnswer> HeadAsync(LinkRun run, ContentDigest digest, string? length = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Head, Route(run)), digest, length);

    public Task<LinkAnswer> PutAsync(
        LinkRun run, byte[] update, long offset, HttpContent? body = null, string? length = null, string examples = "10", Version? version = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, Route(run))
        {
            Content = body ?? new ByteArrayContent(update[(int)offset..]),
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add(LinkRoutes.NumExamplesHeader, examples);
        request.Headers.Add(LinkRoutes.OffsetHeader, offset.ToString(CultureInfo.InvariantCulture));
        return SendAsync(request, ContentDigest.Of(update), length);
    }

    /// <summary>Sends what is missing until it counts, as a node does.</summary>
    public async Task<LinkAnswer> ResumeAsync(LinkRun run, byte[] update, Version? version = null)
    {
        var answer = await HeadAsync(run, ContentDigest.Of(update));
        for (var attempts = 0; answer.Status == HttpStatusCode.Accepted && attempts < 5; attempts++)
        {
            answer = await PutAsync(run, update, answer.Held, version: version);
        }

        return answer;
    }

    public async Task<LinkAnswer> SendAsync(HttpRequestMessage request, ContentDigest? digest, string? length = null)
    {
        using (request)
        {
            if (digest is { } known)
            {
                request.Headers.Add(LinkRoutes.DigestHeader, known.Hex);
            }

            if (length is not null)
            {
                request.Headers.Add(LinkRoutes.LengthHeader, length);
            }

            using var response = await Http.SendAsync(request, Token);
            return await LinkAnswer.ReadAsync(response);
        }
    }

    public void Dispose() => Http.Dispose();

    private static string Route(LinkRun run) => LinkRoutes.Update(run.Id, 1, 1, run.Epoch);
}
