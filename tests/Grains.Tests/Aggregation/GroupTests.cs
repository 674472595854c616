using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>A cohort in groups, each of which has an aggregator of its own.</summary>
[Collection(nameof(Centre))]
public sealed class GroupTests(Centre centre)
{
    private const int Hospitals = 5;

    [Fact]
    public async Task Groups_stage_apart_and_are_combined_in_their_order()
    {
        var run = await BeginAsync();
        var updates = Enumerable.Range(0, Hospitals).Select(Update).ToArray();

        // The last group first: what arrives when makes no difference.
        for (var index = Hospitals - 1; index >= 0; index--)
        {
            Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[index], updates[index], examples: index + 1)).Verdict);
        }

        var view = await run.CommittedAsync(1);
        Assert.Equal(run.Hospitals, view.Latest!.Manifest.Participants.Select(update => update.Hospital));
        var step = new WeightedMean().AggregateGroups(
            Enumerable.Range(0, Hospitals).Chunk(2).Select(group =>
                group.Select(index => (run.Hospitals[index], new ParameterVector(updates[index]), (long)index + 1))),
            length: 3);
        await run.AssertModelAsync(1, step.Span.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_group_whose_aggregator_is_lost_costs_an_epoch_and_nothing_else(int group)
    {
        var run = await BeginAsync();
        for (var index = 0; index < Hospitals - 1; index++)
        {
            await run.UploadAsync(run.Hospitals[index], Update(index));
        }

        await centre.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator(run.Id, 1, 1, 1, group)).DiscardAsync(default);
        Assert.Equal(2, (await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train, epoch: 2)).Epoch);
        for (var index = 0; index < Hospitals; index++)
        {
            await run.UploadAsync(run.Hospitals[index], Update(index), epoch: 2);
        }

        var view = await run.CommittedAsync(1);
        Assert.Equal((2, Hospitals), (view.Latest!.Manifest.Epoch, view.Latest.Manifest.Participants.Length));
    }

    [Fact]
    public async Task A_group_none_of_which_reported_adds_nothing()
    {
        var run = await BeginAsync(minimum: 2);
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        await run.UploadAsync(run.Hospitals[4], [3, 3, 3]);
        Assert.Equal(RoundVerdict.Applied, await run.Coordinator().CloseAsync(1));
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2, 2, 2);
    }

    [Fact]
    public async Task An_aggregator_that_is_opened_again_where_another_was_known_does_not_serve()
    {
        var aggregator = centre.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator("nobody", 1, 1, 1, 1));
        var answer = await aggregator.OpenAsync(new OpenAggregator
        {
            Nonce = Guid.NewGuid(), PlanDigest = ContentDigest.Of([1]), BaseModel = ContentDigest.Of([2]), Lead = Guid.NewGuid(), Known = Guid.NewGuid(),
        });
        Assert.Equal(Guid.Empty, answer);
    }

    private static float[] Update(int index) => [0.1f * (index + 1), -1f / (index + 3), 1e7f + index];

    private async Task<ScriptedRun> BeginAsync(int minimum = Hospitals)
    {
        var run = await ScriptedRun.BeginAsync(centre, Hospitals, plan =>
        {
            plan["aggregator"]!["groupSize"] = 2;
            plan["round"]!["minimumReports"] = minimum;
        });
        await run.TrainAsync();
        return run;
    }
}
