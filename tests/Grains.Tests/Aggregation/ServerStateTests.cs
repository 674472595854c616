using System.Text.Json.Nodes;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Objectives;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Plans;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>What the centre keeps beside the model: it is of the committed round, like the model.</summary>
[Collection(nameof(Centre))]
public sealed class ServerStateTests(Centre centre)
{
    private static readonly ServerOptimizerPlan Adam = new() { Name = "fedadam", LearningRate = 0.1, Beta1 = 0.9, Beta2 = 0.99, Tau = 1e-3 };

    [Theory]
    [InlineData(64)]
    [InlineData(2)]
    public async Task Moments_go_on_from_the_committed_round_whatever_attempts_and_epochs_there_were(int groupSize)
    {
        var run = await BeginAsync(groupSize, UseAdam);
        await CommitAsync(run, 1, epoch: 1);

        // Of round 2 one attempt is given up after it was trained for, and of the next an aggregator is lost.
        await run.TrainAsync(round: 2);
        await run.UploadAsync(run.Hospitals[0], [9, 9, 9], round: 2);
        await run.Coordinator(2).CancelAsync(1, "test");
        var epoch = await run.TrainAsync(attempt: 2, round: 2);
        await run.UploadAsync(run.Hospitals[0], Update(0, 2), attempt: 2, epoch: epoch, round: 2);
        await centre.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator(run.Id, 2, 2, epoch)).DiscardAsync(default);
        await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train, attempt: 2, epoch: epoch + 1, round: 2);
        await UploadAllAsync(run, 2, epoch + 1, attempt: 2);
        var view = await run.CommittedAsync(2);

        var optimizer = ServerOptimizers.For(Adam);
        var first = optimizer.Step(ParameterVector.Zeros(3), Mean(run, 1, groupSize));
        var second = optimizer.Step(first.Model, Mean(run, 2, groupSize), first.Moments);
        await run.AssertModelAsync(1, first.Model.Span.ToArray());
        await run.AssertModelAsync(2, second.Model.Span.ToArray());
        Assert.Equal(new ServerState { Moments = second.Moments.Digest }, view.Latest!.Manifest.StateAfter);
    }

    [Fact]
    public async Task An_optimizer_that_keeps_nothing_leaves_nothing()
    {
        var run = await BeginAsync(64, _ => { });
        var view = await CommitAsync(run, 1, epoch: 1);
        Assert.Null(view.Latest!.Manifest.StateAfter);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(2)]
    public async Task The_control_variate_is_told_to_hospitals_and_moved_by_the_second_half_of_their_updates(int groupSize)
    {
        var run = await BeginAsync(groupSize, plan => plan["training"]!["objective"] = new JsonObject { ["name"] = "scaffold" });
        var epoch = await run.TrainAsync();
        Assert.True((await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train)).Control.IsNone);
        for (var index = 0; index < run.Hospitals.Length; index++)
        {
            await run.UploadAsync(run.Hospitals[index], Long(index, 1), examples: index + 1, epoch: epoch);
        }

        var first = (await run.CommittedAsync(1)).Latest!.Manifest;
        await run.AssertModelAsync(1, Mean(run, 1, groupSize).Span.ToArray());
        float[] control = [0, 0, 0];
        ControlVariate.MovePart(control, Mean(run, 1, groupSize, sign: -1).Span, 0, 10, 10);
        Assert.Equal(new ParameterVector(control).Digest, first.StateAfter!.Control);

        // In round 2 the first of them is missing: its rows are behind the control variate still.
        await run.TrainAsync(round: 2);
        Assert.Equal(first.StateAfter.Control, (await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train, round: 2)).Control);
        for (var index = 1; index < run.Hospitals.Length; index++)
        {
            await run.UploadAsync(run.Hospitals[index], Long(index, 2), examples: index + 1, round: 2);
        }

        await run.Coordinator(2).CloseAsync(1);
        var second = (await run.CommittedAsync(2)).Latest!.Manifest;
        ControlVariate.MovePart(control, Mean(run, 2, groupSize, sign: -1, from: 1).Span, 10, 9, 10);
        Assert.Equal((new ParameterVector(control).Digest, first.StateAfter.Contributors), (second.StateAfter!.Control, second.StateAfter.Contributors));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public async Task An_update_without_its_half_for_the_control_variate_is_none(int values)
    {
        var run = await BeginAsync(64, plan => plan["training"]!["objective"] = new JsonObject { ["name"] = "scaffold" });
        await run.TrainAsync();
        var aggregator = centre.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator(run.Id, 1, 1, 1));
        var target = await run.Coordinator().UploadTargetAsync(run.Hospitals[0], 1, 1);
        var bytes = values * sizeof(float);

        Assert.Equal(StagingVerdict.WrongLength, (await aggregator.CheckLengthAsync(target.Incarnation, run.Hospitals[0], bytes)).Verdict);
        Assert.Equal(StagingVerdict.Partial, (await aggregator.CheckLengthAsync(target.Incarnation, run.Hospitals[0], 6 * sizeof(float))).Verdict);
        await run.Coordinator().CancelAsync(1, "test");
    }

    private static void UseAdam(JsonNode plan) => plan["serverOptimizer"] = new JsonObject
    {
        ["name"] = Adam.Name, ["learningRate"] = Adam.LearningRate, ["beta1"] = Adam.Beta1, ["beta2"] = Adam.Beta2, ["tau"] = Adam.Tau,
    };

    private static float[] Update(int index, int round) => [0.1f * (index + 1), -1f / (index + round), round - (0.5f * index)];

    private static float[] Long(int index, int round) => [.. Update(index, round), .. Update(index, round).Select(value => -value)];

    private static ParameterVector Mean(ScriptedRun run, int round, int groupSize, int sign = 1, int from = 0) => new WeightedMean().AggregateGroups(
        Enumerable.Range(0, run.Hospitals.Length).Chunk(groupSize).Select(group => group.Where(index => index >= from).Select(index =>
            (run.Hospitals[index], new ParameterVector([.. Update(index, round).Select(value => sign * value)]), (long)index + 1))),
        length: 3);

    private static async Task UploadAllAsync(ScriptedRun run, int round, long epoch, int attempt)
    {
        for (var index = 0; index < run.Hospitals.Length; index++)
        {
            await run.UploadAsync(run.Hospitals[index], Update(index, round), examples: index + 1, attempt: attempt, epoch: epoch, round: round);
        }
    }

    private static async Task<RunView> CommitAsync(ScriptedRun run, int round, long epoch)
    {
        await run.TrainAsync(round: round);
        await UploadAllAsync(run, round, epoch, attempt: 1);
        return await run.CommittedAsync(round);
    }

    private Task<ScriptedRun> BeginAsync(int groupSize, Action<JsonNode> change) => ScriptedRun.BeginAsync(centre, 4, plan =>
    {
        plan["rounds"] = 2;
        plan["aggregator"]!["groupSize"] = groupSize;
        change(plan);
    });
}
