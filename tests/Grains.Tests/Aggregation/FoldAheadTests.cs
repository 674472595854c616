using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Rounds;
using FederatedOrleans.Updates;
using Microsoft.Extensions.DependencyInjection;

namespace FederatedOrleans.Aggregation;

/// <summary>Updates of a model of several blocks are added up as soon as their order is settled.</summary>
public sealed class FoldAheadTests(FoldAheadTests.LongCentre fixture) : IClassFixture<FoldAheadTests.LongCentre>
{
    private const int Parameters = (2 * IBlockSink.BlockValues) + 12_345;
    private const long Bytes = (long)Parameters * sizeof(float);
    private const int Hospitals = 4;

    // A sum takes whole blocks.
    private const long SumBytes = 3 * IBlockSink.BlockBytes;

    private Centre Centre => fixture.Centre;

    private StagingArea Area => Centre.Services.GetRequiredService<StagingArea>();

    [Theory]
    [InlineData(64)]
    [InlineData(2)]
    public async Task The_bits_are_those_of_the_order_in_whatever_order_updates_arrive(int groupSize)
    {
        var run = await BeginAsync(groupSize);
        foreach (var index in new[] { 2, 0, 3, 1 })
        {
            Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[index], Update(index), examples: index + 1)).Verdict);
        }

        await run.CommittedAsync(1);
        await AssertModelAsync(run, groupSize, [0, 1, 2, 3]);
        await AssertRoomIsFreeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(700_001)]
    public async Task A_line_that_broke_anywhere_in_a_long_update_changes_no_bit(int brokeAt)
    {
        var run = await BeginAsync();
        for (var index = 0; index < Hospitals; index++)
        {
            var bytes = new ParameterVector(Update(index)).ToBytes();
            var address = run.Address(run.Hospitals[index], ContentDigest.Of(bytes)) with { Length = bytes.Length };
            var held = (await run.AppendAsync(address, index + 1, 0, bytes[..brokeAt])).Held;
            Assert.Equal(brokeAt, held);
            Assert.Equal(IntakeVerdict.Counted, (await run.AppendAsync(address, index + 1, held, bytes[brokeAt..])).Verdict);
        }

        await run.CommittedAsync(1);
        await AssertModelAsync(run, 64, [0, 1, 2, 3]);
        await AssertRoomIsFreeAsync();
    }

    [Fact]
    public async Task What_is_settled_gives_its_memory_back_before_the_round_closes()
    {
        var run = await BeginAsync();
        await run.UploadAsync(run.Hospitals[1], Update(1), examples: 2);

        // The sum's and its own.
        Assert.Equal(LongCentre.Memory - SumBytes - Bytes, Area.FreeMemory);

        // The first in the order settles the second: both are in one sum.
        await run.UploadAsync(run.Hospitals[0], Update(0), examples: 1);
        await Centre.UntilAsync(() => Task.FromResult((Area.FreeMemory, Area.FreeRoom)), free => free == (LongCentre.Memory - SumBytes, LongCentre.Memory), "two are added up");

        // The fourth waits for the third, which gives none: closing adds it.
        await run.UploadAsync(run.Hospitals[3], Update(3), examples: 4);
        Assert.Equal(LongCentre.Memory - SumBytes - Bytes, Area.FreeMemory);
        Assert.Equal(RoundVerdict.Applied, await run.Coordinator().CloseAsync(1));
        await run.CommittedAsync(1);
        await AssertModelAsync(run, 64, [0, 1, 3]);
        await AssertRoomIsFreeAsync();
    }

    [Fact]
    public async Task An_update_that_was_added_up_is_still_known()
    {
        var run = await BeginAsync();
        var update = new ParameterVector(Update(0));
        await run.UploadAsync(run.Hospitals[0], Update(0));
        await Centre.UntilAsync(() => Task.FromResult(Area.FreeRoom), free => free == LongCentre.Memory, "it is added up");

        // Its hospital asks again, repeats itself, and tries another.
        Assert.Equal(IntakeVerdict.Counted, (await Centre.Intake.HeldAsync(run.Address(run.Hospitals[0], update.Digest), CancellationToken.None)).Verdict);
        Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[0], Update(0))).Verdict);
        Assert.Equal(IntakeVerdict.Refused, (await run.UploadAsync(run.Hospitals[0], Update(1))).Verdict);
        await run.Coordinator().CancelAsync(1, "test");
        await AssertRoomIsFreeAsync();
    }

    [Fact]
    public async Task A_coordinator_that_comes_back_goes_on_where_the_aggregator_is()
    {
        var run = await BeginAsync();
        await run.UploadAsync(run.Hospitals[0], Update(0), examples: 1);
        await Centre.UntilAsync(() => Task.FromResult(Area.FreeRoom), free => free == LongCentre.Memory, "one is added up");
        await Centre.DeactivateAsync(run.Coordinator());
        foreach (var index in new[] { 1, 2, 3 })
        {
            await run.UploadAsync(run.Hospitals[index], Update(index), examples: index + 1);
        }

        Assert.Equal(1, (await run.CommittedAsync(1)).Latest!.Manifest.Epoch);
        await AssertModelAsync(run, 64, [0, 1, 2, 3]);
    }

    [Fact]
    public async Task An_aggregator_that_is_lost_with_its_sum_costs_an_epoch_and_nothing_else()
    {
        var run = await BeginAsync();
        await run.UploadAsync(run.Hospitals[0], Update(0));
        await Centre.UntilAsync(() => Task.FromResult(Area.FreeRoom), free => free == LongCentre.Memory, "it is added up");
        await Centre.DeactivateAsync(Centre.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator(run.Id, 1, 1, 1)));
        Assert.Equal(2, (await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train, epoch: 2)).Epoch);
        for (var index = 0; index < Hospitals; index++)
        {
            await run.UploadAsync(run.Hospitals[index], Update(index), examples: index + 1, epoch: 2);
        }

        await run.CommittedAsync(1);
        await AssertModelAsync(run, 64, [0, 1, 2, 3]);
        await AssertRoomIsFreeAsync();
    }

    [Fact]
    public async Task Nothing_long_is_folded_for_a_close_that_is_not_written_as_it_could_not_be_taken_back()
    {
        var run = await BeginAsync();
        var plan = (await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train)).PlanDigest;
        var aggregator = Centre.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator(run.Id, 1, 1, epoch: 9));
        var incarnation = await aggregator.OpenAsync(new OpenAggregator { Nonce = Guid.NewGuid(), PlanDigest = plan, BaseModel = plan });
        var first = await StageAsync(aggregator, incarnation, "a", 0);
        var second = await StageAsync(aggregator, incarnation, "b", 1);

        await aggregator.PrepareFoldAsync(incarnation, [first, second]);
        Assert.Equal(0, await aggregator.FoldAheadAsync(incarnation, 1, [second]));
        Assert.Equal(1, await aggregator.FoldAheadAsync(incarnation, 0, [second]));
        await aggregator.DiscardAsync(plan);
        await run.Coordinator().CancelAsync(1, "test");
        await AssertRoomIsFreeAsync();
    }

    [Fact]
    public async Task An_aggregator_that_added_up_something_else_than_what_is_frozen_is_lost()
    {
        var run = await BeginAsync();
        var plan = (await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train)).PlanDigest;
        var aggregator = Centre.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator(run.Id, 1, 1, epoch: 9));
        var incarnation = await aggregator.OpenAsync(new OpenAggregator { Nonce = Guid.NewGuid(), PlanDigest = plan, BaseModel = plan });
        ParticipantUpdate[] updates = [await StageAsync(aggregator, incarnation, "a", 0), await StageAsync(aggregator, incarnation, "b", 1)];

        Assert.Equal(0, await aggregator.FoldAheadAsync(incarnation, 1, [updates[1]]));
        Assert.Equal(1, await aggregator.FoldAheadAsync(incarnation, 0, [updates[0]]));
        Assert.Equal(1, await aggregator.FoldAheadAsync(incarnation, 0, [updates[0]]));
        Assert.True((await aggregator.FoldAsync(incarnation, [updates[1]])).Lost);
        Assert.Equal(int.MaxValue, await aggregator.FoldAheadAsync(Guid.NewGuid(), 1, [updates[1]]));
        await aggregator.DiscardAsync(plan);
        await run.Coordinator().CancelAsync(1, "test");
        await AssertRoomIsFreeAsync();
    }

    [Fact]
    public async Task A_first_model_of_several_pieces_is_that_of_the_plan()
    {
        byte[] plan = [];
        var run = await ScriptedRun.BeginAsync(Centre, Hospitals, json =>
        {
            json["model"] = new JsonObject { ["kind"] = ModelKinds.Rehearsal, ["parameters"] = Parameters, ["initial"] = InitialParameters.Uniform };
            plan = Encoding.UTF8.GetBytes(json.ToJsonString());
        });
        Assert.Equal(
            InitialParameters.For(TrainingPlanReader.Read(plan).Plan!).Digest, ContentDigest.Of(await run.LongModelAsync(0, Parameters)));
    }

    private static async Task<ParticipantUpdate> StageAsync(IAggregatorGrain aggregator, Guid incarnation, string hospital, int index)
    {
        var bytes = new ParameterVector(Update(index)).ToBytes();
        for (var at = 0; at < bytes.Length; at += 1 << 20)
        {
            await aggregator.StageAsync(new StageChunk
            {
                Incarnation = incarnation,
                Hospital = hospital,
                Digest = ContentDigest.Of(bytes),
                NumExamples = 5,
                Offset = at,
                Bytes = bytes.AsMemory(at, Math.Min(1 << 20, bytes.Length - at)),
            });
        }

        return new(hospital, ContentDigest.Of(bytes), 5);
    }

    private static float[] Update(int number) => LongUpdate.Of(number, Parameters);

    private static async Task AssertModelAsync(ScriptedRun run, int groupSize, int[] counted)
    {
        var step = new WeightedMean().AggregateGroups(
            Enumerable.Range(0, Hospitals).Chunk(groupSize).Select(group => group.Where(counted.Contains).Select(index =>
                (run.Hospitals[index], new ParameterVector(Update(index)), (long)index + 1))),
            Parameters);
        Assert.Equal(step.Digest, ContentDigest.Of(await run.LongModelAsync(1, Parameters)));
    }

    private async Task<ScriptedRun> BeginAsync(int groupSize = 64)
    {
        var run = await ScriptedRun.BeginAsync(Centre, Hospitals, plan =>
        {
            plan["model"] = new JsonObject { ["kind"] = ModelKinds.Rehearsal, ["parameters"] = Parameters };
            plan["aggregator"]!["groupSize"] = groupSize;
            plan["round"]!["minimumReports"] = 3;
        });
        await run.TrainAsync();
        return run;
    }

    private Task AssertRoomIsFreeAsync() => Centre.UntilAsync(
        () => Task.FromResult((Area.FreeMemory, Area.FreeRoom)), free => free == (LongCentre.Memory, LongCentre.Memory), "all room is free");

    /// <summary>One silo with room in memory for all updates.</summary>
    public sealed class LongCentre : IAsyncLifetime
    {
        internal const long Memory = 64 << 20;

        internal Centre Centre { get; } = new() { StagingBudget = Memory };

        public ValueTask InitializeAsync() => Centre.InitializeAsync();

        public ValueTask DisposeAsync() => Centre.DisposeAsync();
    }
}
