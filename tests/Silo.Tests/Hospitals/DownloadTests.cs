using System.Net;
using System.Net.Http.Headers;
using FederatedOrleans.Identity;
using FederatedOrleans.Link;

namespace FederatedOrleans.Hospitals;

/// <summary>GET of plans and models over the real link.</summary>
public sealed class DownloadTests(LinkSilo silo) : IClassFixture<LinkSilo>
{
    private const int Broken = 50_001;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_download_that_was_cut_goes_on_by_a_range()
    {
        var run = await silo.BeginAsync("range-a", "range-b");
        var hospital = run.Hospitals[0];
        var content = LinkRun.Update(7);
        var digest = await silo.Blobs.PutAsync(content, Token);
        var held = new MemoryStream();
        using (var whole = await GetAsync(hospital, digest))
        {
            Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
            Assert.Equal($"\"{digest.Hex}\"", whole.Headers.ETag?.Tag);
            Assert.Equal(content.Length, whole.Content.Headers.ContentLength);
            var begin = new byte[Broken];
            await (await whole.Content.ReadAsStreamAsync(Token)).ReadExactlyAsync(begin, Token);
            await held.WriteAsync(begin, Token);
        }

        // Disposed with bytes still to come: that connection is gone.
        using (var rest = await GetAsync(hospital, digest, request => request.Headers.Range = new RangeHeaderValue(Broken, null)))
        {
            Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
            Assert.Equal(new ContentRangeHeaderValue(Broken, content.Length - 1, content.Length), rest.Content.Headers.ContentRange);
            Assert.Equal($"\"{digest.Hex}\"", rest.Headers.ETag?.Tag);
            await rest.Content.CopyToAsync(held, Token);
        }

        Assert.Equal(digest, ContentDigest.Of(held.ToArray()));
        await run.StopAsync();
    }

    [Fact]
    public async Task A_range_from_the_end_says_that_everything_is_there()
    {
        var run = await silo.BeginAsync("end-a", "end-b");
        var digest = await silo.Blobs.PutAsync(new byte[] { 1, 2, 3 }, Token);
        using var beyond = await GetAsync(run.Hospitals[0], digest, request => request.Headers.Range = new RangeHeaderValue(3, null));
        using var last = await GetAsync(run.Hospitals[0], digest, request => request.Headers.Range = new RangeHeaderValue(2, null));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Equal(HttpStatusCode.PartialContent, last.StatusCode);
        Assert.Equal([3], await last.Content.ReadAsByteArrayAsync(Token));
        await run.StopAsync();
    }

    [Fact]
    public async Task A_range_is_answered_by_its_bytes_and_what_is_none_by_the_whole()
    {
        var run = await silo.BeginAsync("part-a", "part-b");
        var digest = await silo.Blobs.PutAsync(new byte[] { 1, 2, 3 }, Token);
        foreach (var (asked, status, expected) in new (string, HttpStatusCode, byte[])[]
        {
            ("bytes=1-1", HttpStatusCode.PartialContent, [2]),
            ("bytes=1-99", HttpStatusCode.PartialContent, [2, 3]),
            ("bytes=-2", HttpStatusCode.PartialContent, [2, 3]),
            ("bytes=-0", HttpStatusCode.RequestedRangeNotSatisfiable, []),
            ("bytes=-9", HttpStatusCode.OK, [1, 2, 3]),
            ("bytes=0-0,2-2", HttpStatusCode.OK, [1, 2, 3]),
            ("lines=1-1", HttpStatusCode.OK, [1, 2, 3]),
            ("bytes=2-1", HttpStatusCode.OK, [1, 2, 3]),
        })
        {
            using var answer = await GetAsync(run.Hospitals[0], digest, request => request.Headers.TryAddWithoutValidation("Range", asked));
            Assert.Equal((asked, status), (asked, answer.StatusCode));
            Assert.Equal(expected, await answer.Content.ReadAsByteArrayAsync(Token));
        }

        foreach (var (tag, status) in new[] { (digest.Hex, HttpStatusCode.PartialContent), (run.Plan.Hex, HttpStatusCode.OK) })
        {
            using var answer = await GetAsync(run.Hospitals[0], digest, request =>
            {
                request.Headers.Range = new RangeHeaderValue(1, null);
                request.Headers.IfRange = new RangeConditionHeaderValue($"\"{tag}\"");
            });
            Assert.Equal(status, answer.StatusCode);
        }

        await run.StopAsync();
    }

    [Fact]
    public async Task What_is_held_under_its_etag_is_not_sent_again_and_what_is_not_there_is_not_found()
    {
        var run = await silo.BeginAsync("etag-a", "etag-b");
        using var known = await GetAsync(
            run.Hospitals[0], run.Plan, request => request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{run.Plan.Hex}\"")));
        using var any = await GetAsync(run.Hospitals[0], run.Plan, request => request.Headers.TryAddWithoutValidation("If-None-Match", "*"));
        using var missing = await GetAsync(run.Hospitals[0], ContentDigest.Of([9, 9, 9]));
        using var wrong = await run.Hospitals[0].Http.GetAsync(new Uri($"{LinkRoutes.Blobs}/..%2F..%2Fcentre.db", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, any.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);
        await run.StopAsync();
    }

    private static async Task<HttpResponseMessage> GetAsync(LinkHospital hospital, ContentDigest digest, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{LinkRoutes.Blobs}/{digest.Hex}");
        change?.Invoke(request);
        return await hospital.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }
}
