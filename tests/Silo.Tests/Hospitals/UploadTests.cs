using System.Net;
using FederatedOrleans.Identity;
using FederatedOrleans.Link;
using FederatedOrleans.Models;

namespace FederatedOrleans.Hospitals;

/// <summary>HEAD and PUT of updates over the real link.</summary>
public sealed class UploadTests(LinkSilo silo) : IClassFixture<LinkSilo>
{
    private const int Odd = 30_001;
    private const int Sent = 70_001;

    public static TheoryData<string, string, string?> Malformed => new()
    {
        { LinkRoutes.DigestHeader, "no digest", null },
        { LinkRoutes.NumExamplesHeader, "many", null },
        { LinkRoutes.NumExamplesHeader, "-1", null },
        { LinkRoutes.OffsetHeader, "0x10", null },
        { LinkRoutes.OffsetHeader, "", null },
        { LinkRoutes.LengthHeader, "long", null },
        { LinkRoutes.EncodingHeader, "int4", null },
        { "", "", "Not%20An%20Id/1/1/1" },
        { "", "", "run/-1/1/1" },
        { "", "", "run/1/1/0" },
    };

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_update_that_was_cut_twice_goes_on_at_the_byte_that_is_missing(string http)
    {
        var version = Version.Parse(http);
        var run = await silo.BeginAsync($"cut-a-{version.Major}", $"cut-b-{version.Major}");
        var (first, second) = (run.Hospitals[0], run.Hospitals[1]);
        var update = LinkRun.Update(4);
        var digest = ContentDigest.Of(update);
        Assert.Equal((HttpStatusCode.Accepted, 0L), Of(await first.HeadAsync(run, digest)));

        var part = await first.PutAsync(run, update, 0, new ByteArrayContent(update[..Odd]), version: version);
        Assert.Equal((HttpStatusCode.Accepted, (long)Odd), Of(part));
        Assert.Equal(run.Epoch, part.Epoch);

        // Broken off only when the silo holds every whole chunk of it.
        var whole = Odd + (Sent / LinkSilo.ChunkBytes * LinkSilo.ChunkBytes);
        var broken = new BrokenBody(
            update.AsMemory(Odd, Sent),
            update.Length - Odd,
            () => LinkSilo.UntilAsync("whole chunks", async () => (await first.HeadAsync(run, digest)).Held >= whole));
        await Assert.ThrowsAsync<HttpRequestException>(() => first.PutAsync(run, update, Odd, broken, version: version));
        Assert.InRange((await first.HeadAsync(run, digest)).Held, whole, Odd + Sent);

        // From a byte that is not the next nothing is taken; the answer says which is.
        Assert.InRange((await first.PutAsync(run, update, update.Length - 7, version: version)).Held, whole, Odd + Sent);
        Assert.Equal(HttpStatusCode.OK, (await first.ResumeAsync(run, update, version)).Status);
        Assert.Equal(HttpStatusCode.OK, (await first.HeadAsync(run, digest)).Status);
        Assert.Equal(HttpStatusCode.OK, (await first.PutAsync(run, update, 0, version: version)).Status);
        Assert.Equal(HttpStatusCode.OK, (await second.ResumeAsync(run, LinkRun.Update(2), version)).Status);

        var manifest = await run.CommittedAsync();
        Assert.Equal(run.Hospitals.Select(hospital => hospital.Id), manifest.Participants.Select(one => one.Hospital));
        var model = await second.Http.GetByteArrayAsync(
            new Uri($"{LinkRoutes.Blobs}/{manifest.ModelAfter.Hex}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.All(ParameterVector.FromBytes(model).Span.ToArray(), value => Assert.Equal(3f, value));
    }

    [Fact]
    public async Task A_body_longer_than_the_model_is_refused_for_good()
    {
        var run = await silo.BeginAsync("long-a", "long-b", "long-c");
        byte[] update = [.. LinkRun.Update(1), 0, 0, 0, 0];
        var answer = await run.Hospitals[0].PutAsync(run, update, 0);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("the update has another length than the model", answer.Text);

        await CommitWithoutAsync(run, "failed: the update has another length than the model");
    }

    [Fact]
    public async Task A_length_that_is_not_the_models_is_refused_before_a_byte_is_read()
    {
        var run = await silo.BeginAsync("short-a", "short-b", "short-c");
        var hospital = run.Hospitals[0];
        var update = LinkRun.Update(1)[..^4];
        Assert.Equal(HttpStatusCode.BadRequest, (await hospital.HeadAsync(run, ContentDigest.Of(update), "-1")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await hospital.HeadAsync(run, ContentDigest.Of(update), $"{LinkSilo.UpdateBytes}")).Status);

        var answer = await hospital.PutAsync(run, update, 0, new ByteArrayContent(update[..9]), $"{update.Length}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("the update has another length than the model", answer.Text);
        await CommitWithoutAsync(run, "failed: the update has another length than the model");
    }

    [Fact]
    public async Task A_length_is_refused_at_HEAD_too()
    {
        var run = await silo.BeginAsync("head-a", "head-b");
        var answer = await run.Hospitals[0].HeadAsync(run, ContentDigest.Of([1]), $"{LinkSilo.UpdateBytes + 1}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        await run.StopAsync();
    }

    [Fact]
    public async Task Another_digest_or_weight_than_declared_is_refused()
    {
        var run = await silo.BeginAsync("digest-a", "digest-b", "digest-c", "digest-d");
        var update = LinkRun.Update(1);
        var other = await run.Hospitals[0].PutAsync(run, update, 0, new ByteArrayContent(LinkRun.Update(2)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Contains("another digest", other.Text, StringComparison.Ordinal);

        var none = await run.Hospitals[1].PutAsync(run, update, 0, examples: "0");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, none.Status);
        Assert.Contains("out of range", none.Text, StringComparison.Ordinal);
        await run.StopAsync();
    }

    [Fact]
    public async Task Another_epoch_is_a_conflict_that_names_the_current_one()
    {
        var run = await silo.BeginAsync("epoch-a", "epoch-b");
        var later = run with { Epoch = run.Epoch + 7 };
        var update = LinkRun.Update(1);
        var put = await run.Hospitals[0].PutAsync(later, update, 0);
        var head = await run.Hospitals[0].HeadAsync(later, ContentDigest.Of(update));

        Assert.Equal((HttpStatusCode.Conflict, run.Epoch), (put.Status, put.Epoch));
        Assert.Equal((HttpStatusCode.Conflict, run.Epoch), (head.Status, head.Epoch));
        await run.StopAsync();
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_request_is_told_so(string header, string value, string? path)
    {
        var run = await silo.BeginAsync($"bad-{Guid.NewGuid():N}"[..20], $"bad-{Guid.NewGuid():N}"[..20]);
        using var request = new HttpRequestMessage(
            HttpMethod.Put, path is null ? LinkRoutes.Update(run.Id, 1, 1, run.Epoch) : $"{LinkRoutes.Updates}/{path}");
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [LinkRoutes.DigestHeader] = ContentDigest.Of([1]).Hex,
            [LinkRoutes.NumExamplesHeader] = "10",
            [LinkRoutes.OffsetHeader] = "0",
        };
        if (header.Length > 0)
        {
            headers[header] = value;
        }

        foreach (var (name, text) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, text);
        }

        request.Content = new ByteArrayContent([1]);
        Assert.Equal(HttpStatusCode.BadRequest, (await run.Hospitals[0].SendAsync(request, null)).Status);
        await run.StopAsync();
    }

    private static (HttpStatusCode Status, long Held) Of(LinkAnswer answer) => (answer.Status, answer.Held);

    private static async Task CommitWithoutAsync(LinkRun run, string why)
    {
        Assert.Equal(HttpStatusCode.OK, (await run.Hospitals[1].ResumeAsync(run, LinkRun.Update(2))).Status);
        Assert.Equal(HttpStatusCode.OK, (await run.Hospitals[2].ResumeAsync(run, LinkRun.Update(4))).Status);
        var left = Assert.Single((await run.CommittedAsync()).LeftOut);
        Assert.Equal((run.Hospitals[0].Id, why), (left.Hospital, left.Reason));
    }
}
