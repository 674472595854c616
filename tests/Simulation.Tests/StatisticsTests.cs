using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Data;
using FederatedOrleans.Data.Statistics;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Training;

namespace FederatedOrleans.Simulation;

/// <summary>The round of statistics before the first, through the grains.</summary>
public sealed class StatisticsTests
{
    [Fact]
    public async Task It_is_committed_once_and_every_hospital_trains_and_evaluates_by_it()
    {
        await using var federation = await TestFederation.StartAsync();
        var bytes = Plan(rounds: 2, minimumReports: 4);
        var run = await federation.Simulation.SubmitAsync(bytes, federation.Token);
        var versions = await federation.VersionsAsync(run);
        var plan = TrainingPlanReader.Read(bytes).Plan!;
        var view = (await federation.Simulation.Run(run).StatisticsAsync(federation.Token))!;

        // What the centre has is the sum of what the hospitals have, and nothing else.
        var sums = new Union().Aggregate(Toy.Hospitals.Select(id =>
            (id, StatisticsCollector.Collect(plan, Toy.Dataset(id), federation.Token), (long)Toy.TrainRows)));
        Assert.Equal(sums.Digest, ParameterVector.FromBytes(view.Sums).Digest);
        Assert.Equal((0, sums.Digest), (view.Manifest.Round, view.Manifest.ModelAfter));
        Assert.Equal(Toy.Hospitals, view.Manifest.Participants.Select(update => update.Hospital));
        Assert.All(versions, version => Assert.Equal(sums.Digest, version.Manifest.StateAfter!.Statistics));
        Assert.Equal(4, versions[^1].Evaluations.Length);

        // The first round, computed where all rows can be seen.
        var fitted = FittedPreprocessing.Fit(plan, sums);
        var start = InitialParameters.For(plan);
        var update = new WeightedMean().Aggregate(Toy.Hospitals.Select(id => (id, Trainers.BuiltIn.For(plan).Train(
            new()
            {
                Plan = plan,
                Hospital = id,
                Round = 1,
                Data = PreparedDataset.For(plan, Toy.Dataset(id), fitted),
                Model = start,
                Iterator = DataIteratorState.Start,
            },
            cancellationToken: federation.Token).Update, (long)Toy.TrainRows)));
        var first = await federation.Simulation.ReadModelAsync(run, 1, federation.Token);
        Assert.Equal([.. start.Span.ToArray().Zip(update.Span.ToArray(), (x, d) => x + d)], first.Span.ToArray());
    }

    [Fact]
    public async Task A_site_that_is_ended_with_its_statistics_in_the_outbox_gives_the_same_ones()
    {
        var undisturbed = await FinalAsync(await TestFederation.StartAsync(), interfere: null);
        var ended = await EndedUpload.StartAsync(round: 0);

        Assert.Equal(undisturbed, await FinalAsync(ended.Federation, ended.RestartAsync));
    }

    [Fact]
    public async Task Who_has_fewer_rows_than_the_least_gives_none_and_trains_all_the_same()
    {
        string[] ids = ["alpha", "beta", "gamma"];
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions
            {
                Hospitals = [.. ids.Select(id => SimulatedHospital.Of(id, Toy.Dataset(id, trainRows: id == "beta" ? 9 : 60)))], Tick = TimeSpan.FromMilliseconds(50),
            },
            TestContext.Current.CancellationToken);
        var run = await simulation.SubmitAsync(Plan(rounds: 1, minimumReports: 2), TestContext.Current.CancellationToken);
        await simulation.CompletionAsync(run, TestContext.Current.CancellationToken);
        var statistics = (await simulation.Run(run).StatisticsAsync(TestContext.Current.CancellationToken))!;
        var version = Assert.Single(await simulation.VersionsAsync(run, TestContext.Current.CancellationToken));

        Assert.Equal(["alpha", "gamma"], statistics.Manifest.Participants.Select(update => update.Hospital));
        Assert.Contains("failed", Assert.Single(statistics.Manifest.LeftOut).Reason, StringComparison.Ordinal);
        Assert.Contains("beta", version.Manifest.Participants.Select(update => update.Hospital));
    }

    [Fact]
    public async Task A_run_that_is_paused_before_its_statistics_are_committed_gathers_them_when_it_goes_on()
    {
        var uploading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            Uploading = async (upload, token) =>
            {
                if (upload.Id is { Round: 0, Attempt: 1 })
                {
                    uploading.TrySetResult();
                    await go.Task.WaitAsync(token);
                }
            },
        });
        var run = await federation.Simulation.SubmitAsync(Plan(rounds: 1, minimumReports: 4), federation.Token);
        await uploading.Task.WaitAsync(federation.Token);
        Assert.True((await federation.Simulation.Run(run).PauseAsync("lunch", federation.Token)).Done);
        Assert.Null(await federation.Simulation.Run(run).StatisticsAsync(federation.Token));
        go.SetResult();
        Assert.True((await federation.Simulation.Run(run).ResumeAsync(federation.Token)).Done);
        await federation.VersionsAsync(run);
        Assert.Equal(2, (await federation.Simulation.Run(run).StatisticsAsync(federation.Token))!.Manifest.Attempt);
    }

    private static async Task<(Identity.ContentDigest Sums, Identity.ContentDigest Model)> FinalAsync(TestFederation federation, Func<Task>? interfere)
    {
        await using (federation)
        {
            var run = await federation.Simulation.SubmitAsync(Plan(rounds: 2, minimumReports: 4), federation.Token);
            if (interfere is not null)
            {
                await interfere();
            }

            var versions = await federation.VersionsAsync(run);
            return (versions[^1].Manifest.StateAfter!.Statistics, versions[^1].Manifest.ModelAfter);
        }
    }

    private static byte[] Plan(int rounds, int minimumReports)
    {
        var plan = JsonNode.Parse(Toy.Plan(rounds, minimumReports))!.AsObject();
        plan["training"]!.AsObject().Remove("standardization");
        plan["preprocessing"] = new JsonObject
        {
            ["features"] = new JsonArray([.. TrainingPlanReader.Read(Toy.Plan(rounds, minimumReports)).Plan!.Dataset.Schema.Features.Select(feature =>
                (JsonNode)new JsonObject { ["name"] = feature.Name, ["from"] = -4, ["to"] = 4 })]),
        };
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }
}
