using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Simulation;

/// <summary>A hospital's control variate is its own, survives its death and follows the outcome of the round.</summary>
public sealed class ScaffoldTests
{
    [Fact]
    public async Task A_site_that_is_ended_with_an_update_in_its_outbox_goes_on_to_the_bits_of_an_undisturbed_run()
    {
        var undisturbed = await FinalAsync(await TestFederation.StartAsync(), interfere: null);
        var ended = await EndedUpload.StartAsync(round: 3);

        Assert.Equal(undisturbed, await FinalAsync(ended.Federation, ended.RestartAsync));
    }

    [Fact]
    public async Task What_an_update_that_was_not_included_would_have_made_of_it_is_discarded()
    {
        await using var played = await MissedRound.PlayAsync(Plan(3, minimumReports: 3));
        var (federation, run, state) = (played.Federation, played.Run, played.InThird);
        Assert.Equal((1, 3), (state.Memory.Control!.Id.Round, state.Outbox!.Staged.Control!.Id.Round));
        await federation.UntilAsync(async () => (await federation.StateAsync(run)).Memory.Control!.Id.Round == 3);
        await federation.UntilAsync(() => Task.FromResult(
            federation.ControlFiles.Select(Path.GetFileName).SequenceEqual([$"{run}.3.1.control"])));
    }

    [Fact]
    public async Task A_site_that_has_lost_it_says_so_and_the_round_goes_on_without()
    {
        var training = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var federation = await TestFederation.StartAsync(wrapAll: (hospital, link) => hospital == "alpha"
            ? new ScriptedLink(link)
            {
                Uploading = async (upload, token) =>
                {
                    if (upload.Id.Round == 1)
                    {
                        training.TrySetResult();
                        await go.Task.WaitAsync(token);
                    }
                },
            }
            : link);
        var run = await federation.Simulation.SubmitAsync(Plan(2, minimumReports: 3), federation.Token);

        // Its file of round 1 is written with its update, before the round is over.
        await training.Task.WaitAsync(federation.Token);
        await federation.UntilAsync(() => Task.FromResult(federation.ControlFiles.Length == 1));
        await federation.UntilAsync(async () => (await federation.StateAsync(run)).Outbox is not null);
        File.Delete(federation.ControlFiles[0]);
        go.SetResult();

        var versions = await federation.VersionsAsync(run);
        Assert.Equal([4, 3], versions.Select(version => version.Manifest.Participants.Length));
        var left = Assert.Single(versions[1].Manifest.LeftOut);
        Assert.Equal(TestFederation.Victim, left.Hospital);
    }

    private static async Task<ContentDigest> FinalAsync(TestFederation federation, Func<Task>? interfere)
    {
        await using (federation)
        {
            var run = await federation.Simulation.SubmitAsync(Plan(5, minimumReports: 4), federation.Token);
            if (interfere is not null)
            {
                await interfere();
            }

            Assert.Equal(5, (await federation.VersionsAsync(run)).Length);
            return (await federation.Simulation.ReadModelAsync(run, cancellationToken: federation.Token)).Digest;
        }
    }

    private static byte[] Plan(int rounds, int minimumReports)
    {
        var plan = JsonNode.Parse(Toy.Plan(rounds, minimumReports))!;
        plan["training"]!["objective"] = new JsonObject { ["name"] = "scaffold" };
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }
}
