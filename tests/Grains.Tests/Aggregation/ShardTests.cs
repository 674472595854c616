using System.Text.Json.Nodes;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Objectives;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Updates;
using Microsoft.Extensions.DependencyInjection;

namespace FederatedOrleans.Aggregation;

/// <summary>A model longer than a shard, on several silos.</summary>
public sealed class ShardTests(ShardTests.ShardedCentre fixture) : IClassFixture<ShardTests.ShardedCentre>
{
    // Two whole shards and a part of one.
    private const int Parameters = (2 * IBlockSink.BlockValues) + 12_345;
    private const int Hospitals = 5;
    private const int Shards = 3;

    private Centre Centre => fixture.Centre;

    [Fact]
    public async Task Sums_of_shards_and_groups_have_the_bits_of_one_aggregator()
    {
        var run = await BeginAsync(Hospitals, groupSize: 2);
        var updates = Enumerable.Range(0, Hospitals).Select(Update).ToArray();
        for (var index = Hospitals - 1; index >= 0; index--)
        {
            Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[index], updates[index], examples: index + 1)).Verdict);
        }

        await run.CommittedAsync(1);
        var step = new WeightedMean().AggregateGroups(
            Enumerable.Range(0, Hospitals).Chunk(2).Select(group =>
                group.Select(index => (run.Hospitals[index], new ParameterVector(updates[index]), (long)index + 1))),
            Parameters);
        Assert.Equal(step.Digest, ContentDigest.Of(await run.LongModelAsync(1, Parameters)));
        await AssertRoomIsFreeAsync();
    }

    [Fact]
    public async Task Moments_of_a_long_model_have_the_bits_of_short_ones()
    {
        var run = await BeginAsync(hospitals: 2, change: plan =>
        {
            plan["rounds"] = 2;
            plan["serverOptimizer"] = new JsonObject { ["name"] = "fedyogi", ["learningRate"] = 0.1 };
        });
        var optimizer = ServerOptimizers.For(new() { Name = "fedyogi", LearningRate = 0.1 });
        var (model, moments) = (ParameterVector.Zeros(Parameters), (ParameterVector?)null);
        for (var round = 1; round <= 2; round++)
        {
            if (round > 1)
            {
                await run.TrainAsync(round: round);
            }

            foreach (var hospital in run.Hospitals)
            {
                await run.UploadAsync(hospital, Update(round), round: round);
            }

            await run.CommittedAsync(round);
            var update = new ParameterVector(Update(round));
            var mean = new WeightedMean().Aggregate(run.Hospitals.Select(hospital => (hospital, update, 10L)));
            (model, moments) = optimizer.Step(model, mean, moments);
            Assert.Equal(model.Digest, ContentDigest.Of(await run.LongModelAsync(round, Parameters)));
        }

        Assert.Equal(moments!.Digest, (await run.CommittedAsync(2)).Latest!.Manifest.StateAfter!.Moments);
    }

    [Fact]
    public async Task Control_variates_of_a_long_model_begin_within_a_block_and_end_in_another()
    {
        var run = await BeginAsync(hospitals: 3, groupSize: 2, change: plan =>
        {
            plan["model"] = new JsonObject { ["kind"] = ModelKinds.MultilayerPerceptron, ["hidden"] = new JsonArray(512, 1024) };
            plan["training"]!["objective"] = new JsonObject { ["name"] = "scaffold" };
        });
        const int Length = (3 * 512) + (513 * 1024) + 1025;
        var updates = Enumerable.Range(0, 3).Select(number => LongUpdate.Of(number, 2 * Length)).ToArray();
        for (var index = 0; index < 3; index++)
        {
            Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[index], updates[index], examples: index + 1)).Verdict);
        }

        var manifest = (await run.CommittedAsync(1)).Latest!.Manifest;
        var sum = new WeightedMean().AggregateGroups(
            Enumerable.Range(0, 3).Chunk(2).Select(group =>
                group.Select(index => (run.Hospitals[index], new ParameterVector(updates[index]), (long)index + 1))),
            2 * Length).Span.ToArray();
        var start = ParameterVector.FromBytes(await run.LongModelAsync(0, Length));
        var model = new FedAvg(1).Step(start, new(sum[..Length])).Model;
        var control = new float[Length];
        ControlVariate.MovePart(control, sum.AsSpan(Length), 0, 6, 6);

        Assert.Equal(model.Digest, ContentDigest.Of(await run.LongModelAsync(1, Length)));
        Assert.Equal(new ParameterVector(control).Digest, manifest.StateAfter!.Control);
        await AssertRoomIsFreeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Shards - 1)]
    public async Task A_shard_that_is_lost_costs_an_epoch_and_nothing_else(int shard)
    {
        var run = await BeginAsync(hospitals: 2);
        await run.UploadAsync(run.Hospitals[0], Update(0));
        await Centre.DeactivateAsync(Centre.Grains.GetGrain<IAggregatorShardGrain>(GrainKeys.AggregatorShard(run.Id, 1, 1, 1, 0, shard)));
        Assert.Equal(2, (await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train, epoch: 2)).Epoch);
        foreach (var hospital in run.Hospitals)
        {
            await run.UploadAsync(hospital, Update(0), epoch: 2);
        }

        Assert.Equal(2, (await run.CommittedAsync(1)).Latest!.Manifest.Epoch);
        Assert.Equal(new ParameterVector(Update(0)).Digest, ContentDigest.Of(await run.LongModelAsync(1, Parameters)));
        await AssertRoomIsFreeAsync();
    }

    [Fact]
    public async Task Shards_lie_on_all_silos()
    {
        var run = await BeginAsync(hospitals: 2);
        await run.UploadAsync(run.Hospitals[0], Update(0));
        Assert.All(Areas(), area => Assert.InRange(area.FreeMemory, 0, Centre.StagingBudget - 1));
        await run.Coordinator().CancelAsync(1, "test");
        await AssertRoomIsFreeAsync();
    }

    [Fact]
    public async Task What_shards_keep_for_an_aggregator_that_is_gone_is_let_go_of_by_the_next_activation()
    {
        var run = await BeginAsync(hospitals: 2);
        var plan = (await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train)).PlanDigest;

        // As an aggregator would that died with its silo.
        const long Epoch = 9;
        var shard = Centre.Grains.GetGrain<IAggregatorShardGrain>(GrainKeys.AggregatorShard(run.Id, 1, 1, Epoch, 0, 1));
        var incarnation = await shard.OpenAsync(new OpenShard { PlanDigest = plan, Length = IBlockSink.BlockValues });
        Assert.Equal(StagingVerdict.Partial, await shard.BeginAsync(incarnation, Guid.NewGuid()));
        Assert.Contains(Areas(), area => area.FreeRoom < Centre.StagingBudget);

        await Centre.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator(run.Id, 1, 1, Epoch)).DiscardAsync(plan);
        await AssertRoomIsFreeAsync();
        await run.Coordinator().CancelAsync(1, "test");
    }

    [Fact]
    public async Task A_shard_that_is_lost_in_the_middle_of_an_upload_ends_the_epoch()
    {
        var run = await BeginAsync(hospitals: 2);
        var bytes = new ParameterVector(Update(0)).ToBytes();
        var address = run.Address(run.Hospitals[0], ContentDigest.Of(bytes));
        const int Part = IBlockSink.BlockBytes + 4;
        Assert.Equal(Part, (await run.AppendAsync(address, 10, 0, bytes[..Part])).Held);
        await Centre.DeactivateAsync(Centre.Grains.GetGrain<IAggregatorShardGrain>(GrainKeys.AggregatorShard(run.Id, 1, 1, 1, 0, 1)));
        await Centre.UntilAsync(
            () => run.AppendAsync(address, 10, Part, bytes[Part..]),
            result => result is { Verdict: IntakeVerdict.Stale, Epoch: 2 },
            "the epoch is over");
        await run.Coordinator().CancelAsync(1, "test");
    }

    [Fact]
    public async Task An_upload_goes_on_where_it_was_broken_off()
    {
        var run = await BeginAsync(hospitals: 2);
        await run.UploadAsync(run.Hospitals[0], Update(3));
        var bytes = new ParameterVector(Update(3)).ToBytes();
        var address = run.Address(run.Hospitals[1], ContentDigest.Of(bytes));
        var offset = 0;
        foreach (var length in new[] { 1, IBlockSink.BlockBytes - 1, 70_000, 2 * IBlockSink.BlockBytes })
        {
            var part = Math.Min(length, bytes.Length - offset);
            var result = await run.AppendAsync(address, 10, offset, bytes[offset..(offset + part)]);
            offset += part;
            Assert.True(result.Verdict == IntakeVerdict.Counted || result.Held == offset, result.ToString());
        }

        await run.CommittedAsync(1);
        Assert.Equal(new ParameterVector(Update(3)).Digest, ContentDigest.Of(await run.LongModelAsync(1, Parameters)));
    }

    [Fact]
    public async Task An_update_that_fails_its_checks_leaves_no_room_taken()
    {
        var run = await BeginAsync(hospitals: 2);
        var result = await run.UploadAsync(run.Hospitals[0], new ParameterVector(Update(0)).ToBytes(), ContentDigest.Of([1]), examples: 10);
        Assert.Equal(IntakeVerdict.Refused, result.Verdict);
        await AssertRoomIsFreeAsync();
        await run.Coordinator().CancelAsync(1, "test");
    }

    [Fact]
    public async Task Where_a_shard_has_no_room_hospitals_wait()
    {
        await using var centre = new Centre { ShardBytes = IBlockSink.BlockBytes, StagingBudget = 2 * Parameters * sizeof(float) };
        await centre.InitializeAsync();
        var run = await BeginAsync(hospitals: 3, centre: centre);
        await run.UploadAsync(run.Hospitals[0], Update(0));
        await run.UploadAsync(run.Hospitals[1], Update(0));
        var third = new ParameterVector(Update(0)).ToBytes();
        var result = await run.AppendAsync(run.Address(run.Hospitals[2], ContentDigest.Of(third)), 10, 0, third);
        Assert.Equal((IntakeVerdict.Busy, 0), (result.Verdict, result.Held));
        await run.Coordinator().CloseAsync(1);
        await run.CommittedAsync(1);
        var area = centre.Services.GetRequiredService<StagingArea>();
        await Centre.UntilAsync(() => Task.FromResult(area.FreeMemory), free => free == 2 * Parameters * sizeof(float), "all room is free");
    }

    private static float[] Update(int number) => LongUpdate.Of(number, Parameters);

    private async Task<ScriptedRun> BeginAsync(int hospitals, int groupSize = 64, Centre? centre = null, Action<JsonObject>? change = null)
    {
        var run = await ScriptedRun.BeginAsync(centre ?? Centre, hospitals, plan =>
        {
            plan["model"] = new JsonObject { ["kind"] = ModelKinds.Rehearsal, ["parameters"] = Parameters };
            plan["aggregator"]!["groupSize"] = groupSize;
            change?.Invoke(plan);
        });
        await run.TrainAsync();
        return run;
    }

    private async Task AssertRoomIsFreeAsync()
    {
        var areas = Areas();
        await Centre.UntilAsync(
            () => Task.FromResult(areas.Sum(area => area.FreeMemory + area.FreeRoom)), free => free == 2 * areas.Length * Centre.StagingBudget, "all room is free");
    }

    private StagingArea[] Areas() =>
        [.. Centre.Cluster.Silos.Select(silo => Centre.Cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<StagingArea>())];

    /// <summary>Three silos, shards of one block.</summary>
    public sealed class ShardedCentre : IAsyncLifetime
    {
        internal Centre Centre { get; } = new() { Silos = 3, ShardBytes = IBlockSink.BlockBytes, StagingBudget = 64 << 20 };

        public ValueTask InitializeAsync() => Centre.InitializeAsync();

        public ValueTask DisposeAsync() => Centre.DisposeAsync();
    }
}
