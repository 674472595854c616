using System.Text.Json.Nodes;
using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Hospitals;

/// <summary>Short models come along with what a hospital is told to do with them.</summary>
public sealed class ToldModelsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3, true)]
    [InlineData(700, false)]
    public async Task A_short_model_comes_once_on_a_stream_and_needs_no_download(int features, bool comesAlong)
    {
        await using var silo = new LinkSilo { ChangePlan = plan => KeepFeatures(plan, features) };
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("short-a", "short-b");
        using var link = new GrpcHospitalLink(run.Hospitals[0].Address, run.Hospitals[0].Handler, TimeProvider.System);
        for (var stream = 0; stream < 2; stream++)
        {
            var told = new TaskCompletionSource<SiteInbox>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var attending = link.AttendAsync([], () => { }, inbox => told.TrySetResult(inbox!), ending.Token);
            var assignment = Assert.Single((await told.Task.WaitAsync(TimeSpan.FromMinutes(1), Token)).Assignments);
            Assert.Equal((SiteStage.Train, comesAlong), (assignment.Stage, link.Holds(assignment.Model)));
            var stored = await run.Hospitals[0].Http.GetByteArrayAsync($"/link/v1/blobs/{assignment.Model.Hex}", Token);
            using var target = new MemoryStream();
            Assert.True(await link.DownloadAsync(assignment.Model, 0, target, Token));
            Assert.Equal(stored, target.ToArray());

            // It was here for one download: what was wrong with it is mended by the next.
            Assert.False(link.Holds(assignment.Model));
            await ending.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => attending);
        }

        await run.StopAsync();
    }

    [Fact]
    public void A_hospital_keeps_few_models_and_none_that_is_long()
    {
        var models = new Site.Link.ToldModels();
        models.Keep(DigestOf(0), new byte[(64 * 1024) + 1]);
        models.Keep(DigestOf(1), default);
        Assert.False(models.Holds(DigestOf(0)) || models.Holds(DigestOf(1)));

        for (byte number = 2; number < 100; number++)
        {
            models.Keep(DigestOf(number), new[] { number });
        }

        Assert.InRange(Enumerable.Range(0, 100).Count(number => models.Holds(DigestOf((byte)number))), 1, 8);
        Assert.Equal([99], models.Take(DigestOf(99))!.Value.ToArray());
        Assert.Null(models.Take(DigestOf(99)));
    }

    private static ContentDigest DigestOf(byte number) => ContentDigest.Of([number]);

    private static void KeepFeatures(JsonObject plan, int features)
    {
        var all = plan["dataset"]!["schema"]!["features"]!.AsArray();
        while (all.Count > features)
        {
            all.RemoveAt(all.Count - 1);
        }
    }
}
