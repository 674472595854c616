using System.Text.Json.Nodes;
using FederatedOrleans.Encodings;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Updates;

[Collection(nameof(Centre))]
public sealed class UpdateIntakeTests(Centre centre)
{
    public static TheoryData<string, float[], int> Faulty => new()
    {
        { "not finite", [1, float.NaN, 1], 10 },
        { "not finite", [1, float.PositiveInfinity, 1], 10 },
        { "not finite", [float.NegativeInfinity, 1, 1], 10 },
        { "another length", [1, 1, 1, 1], 10 },
        { "out of range", [1, 1, 1], 0 },
        { "out of range", [1, 1, 1], -5 },
        { "out of range", [1, 1, 1], 1_000_000_001 },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public async Task A_faulty_update_is_refused_and_the_round_goes_on_without_it(string reason, float[] values, int examples)
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        var result = await run.UploadAsync(run.Hospitals[0], values, examples);
        Assert.Equal(IntakeVerdict.Refused, result.Verdict);
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);

        await run.UploadAsync(run.Hospitals[1], [1, 1, 1]);
        await run.UploadAsync(run.Hospitals[2], [3, 3, 3]);
        var view = await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2f, 2f, 2f);
        Assert.StartsWith("failed: ", Assert.Single(view.Latest!.Manifest.LeftOut).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_an_ensemble_of_trees_no_hospital_writes_in_anothers_part_or_weighs_itself_heavier()
    {
        var run = await ScriptedRun.BeginAsync(centre, hospitals: 4, change: plan =>
        {
            plan["model"] = new JsonObject { ["kind"] = "tree-ensemble", ["trees"] = 1, ["leaves"] = 2 };
            plan["training"] = new JsonObject { ["learningRate"] = 0.2, ["standardization"] = "none" };
            plan["aggregator"] = null;
        });
        await run.TrainAsync();

        // A part is rows, slope and bias, one size, one node of four values, two leaves.
        static float[] Part(int hospital, float rows, float leaf)
        {
            var update = new float[40];
            ((float[])[rows, -0.4f, 0, 0, 0, 0, 0, 0, leaf, 0]).CopyTo(update, hospital * 10);
            return update;
        }

        var foreign = Part(0, 10, 1);
        foreign[19] = 1;
        Assert.Equal(IntakeVerdict.Refused, (await run.UploadAsync(run.Hospitals[0], foreign)).Verdict);
        Assert.Equal(IntakeVerdict.Refused, (await run.UploadAsync(run.Hospitals[1], Part(1, 1_000_000, 1))).Verdict);
        await run.UploadAsync(run.Hospitals[2], Part(2, 10, 3));
        await run.UploadAsync(run.Hospitals[3], Part(3, 10, 4));
        await run.CommittedAsync(1);

        Assert.Equal(
            Part(2, 10, 3).Zip(Part(3, 10, 4), (third, fourth) => third + fourth),
            ParameterVector.FromBytes(await run.LongModelAsync(1, 40)).Span.ToArray());
    }

    [Fact]
    public async Task Values_so_large_that_their_sum_would_overflow_never_reach_a_model()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        Assert.Equal(IntakeVerdict.Refused, (await run.UploadAsync(run.Hospitals[0], [3e38f, 1, 1], 1_000)).Verdict);
        await run.UploadAsync(run.Hospitals[1], [1, 1, 1]);
        await run.UploadAsync(run.Hospitals[2], [3, 3, 3]);
        await run.CommittedAsync(1);

        Assert.All(await run.ModelAsync(1), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public async Task What_a_hospital_sends_twice_at_once_is_taken_once()
    {
        // Long enough to be taken on another thread.
        const int Values = 100_000;
        const int Half = Values * sizeof(float) / 2;
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["model"] = new JsonObject { ["kind"] = "rehearsal", ["parameters"] = Values });
        var epoch = await run.TrainAsync();
        var update = new ParameterVector([.. Enumerable.Range(0, Values).Select(value => value / 1e6f)]);
        var bytes = update.ToBytes();
        var address = run.Address(run.Hospitals[0], update.Digest, epoch: epoch);
        await Centre.UntilAsync(
            () => run.AppendAsync(address, 10, 0, []), result => result.Verdict == IntakeVerdict.Partial, "the epoch is open");

        var first = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => run.AppendAsync(address, 10, 0, bytes[..Half])));
        Assert.All(first, result => Assert.Equal((IntakeVerdict.Partial, Half), (result.Verdict, (int)result.Held)));
        var second = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => run.AppendAsync(address, 10, Half, bytes[Half..])));
        Assert.All(second, result => Assert.Equal(IntakeVerdict.Counted, result.Verdict));
        await run.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task A_digest_that_the_bytes_do_not_have_is_refused()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        var result = await run.UploadAsync(run.Hospitals[0], new ParameterVector([1, 1, 1]).ToBytes(), ContentDigest.Of([5]), 10);

        Assert.Equal(IntakeVerdict.Refused, result.Verdict);
        Assert.Contains("digest", result.Reason, StringComparison.Ordinal);
        await run.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task A_short_update_stays_partial_and_is_left_out_at_the_deadline()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        var result = await run.UploadAsync(run.Hospitals[0], [1, 1]);
        Assert.Equal((IntakeVerdict.Partial, 8L), (result.Verdict, result.Held));

        await run.UploadAsync(run.Hospitals[1], [1, 1, 1]);
        await run.UploadAsync(run.Hospitals[2], [3, 3, 3]);
        await run.PhaseAsync(RoundPhase.Training);
        centre.Time.Pass(TimeSpan.FromHours(11));
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2f, 2f, 2f);
    }

    [Fact]
    public async Task An_update_for_another_round_attempt_or_epoch_or_from_a_stranger_is_told_so()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[1], [9, 9, 9]);
        AssertRefused("this attempt at this round is not under way", await run.UploadAsync(run.Hospitals[0], [1, 1, 1], round: 2));
        AssertRefused("this attempt at this round is not under way", await run.UploadAsync(run.Hospitals[0], [1, 1, 1], attempt: 2));
        AssertRefused("this hospital is not of the round's cohort", await run.UploadAsync("stranger", [1, 1, 1]));
        var stale = await run.UploadAsync(run.Hospitals[0], [1, 1, 1], epoch: 7);
        Assert.Equal((IntakeVerdict.Stale, 1L), (stale.Verdict, stale.Epoch));

        Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[0], [3, 3, 3])).Verdict);
        Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[2], [3, 3, 3])).Verdict);
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 5f, 5f, 5f);
    }

    [Fact]
    public async Task The_same_update_twice_gets_the_same_receipt_and_another_is_refused()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        var first = await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        var second = await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        var other = await run.UploadAsync(run.Hospitals[0], [2, 2, 2]);
        Assert.Equal(IntakeVerdict.Counted, first.Verdict);
        Assert.Equal((first.Verdict, first.Epoch), (second.Verdict, second.Epoch));
        AssertRefused("another update of this hospital counts already", other);

        await run.UploadAsync(run.Hospitals[1], [1, 1, 1]);
        await run.UploadAsync(run.Hospitals[2], [4, 4, 4]);
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2f, 2f, 2f);
    }

    [Fact]
    public async Task An_upload_that_was_cut_goes_on_where_it_was()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[1], [1, 1, 1]);
        var payload = new ParameterVector([4, 4, 4]).ToBytes();
        var address = run.Address(run.Hospitals[0], ContentDigest.Of(payload));
        Assert.Equal((IntakeVerdict.Partial, 5L), Of(await run.AppendAsync(address, 10, 0, payload[..5])));

        Assert.Equal((IntakeVerdict.Partial, 5L), Of(await centre.Intake.HeldAsync(address, CancellationToken.None)));
        Assert.Equal((IntakeVerdict.Partial, 5L), Of(await run.AppendAsync(address, 10, 9, payload[9..])));
        Assert.Equal(IntakeVerdict.Counted, (await run.AppendAsync(address, 10, 5, payload[5..])).Verdict);
        Assert.Equal(IntakeVerdict.Counted, (await centre.Intake.HeldAsync(address, CancellationToken.None)).Verdict);
        await run.UploadAsync(run.Hospitals[2], [1, 1, 1]);
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2f, 2f, 2f);
    }

    [Fact]
    public async Task A_hospital_that_trained_anew_before_its_upload_was_whole_may_send_another_update()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[1], [1, 1, 1]);
        var payload = new ParameterVector([4, 4, 4]).ToBytes();
        await run.AppendAsync(run.Address(run.Hospitals[0], ContentDigest.Of(payload)), 10, 0, payload[..5]);

        Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[0], [7, 7, 7])).Verdict);
        await run.UploadAsync(run.Hospitals[2], [1, 1, 1]);
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 3f, 3f, 3f);
    }

    [Fact]
    public async Task A_short_update_that_says_so_is_refused_at_once()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[1], [1, 1, 1]);
        var payload = new ParameterVector([1, 1]).ToBytes();
        var address = run.Address(run.Hospitals[0], ContentDigest.Of(payload)) with { Length = payload.Length };
        var result = await run.AppendAsync(address, 10, 0, payload);
        Assert.Equal((IntakeVerdict.Refused, "the update has another length than the model"), (result.Verdict, result.Reason));
        Assert.Equal(IntakeVerdict.Refused, (await centre.Intake.HeldAsync(address, CancellationToken.None)).Verdict);

        await run.UploadAsync(run.Hospitals[2], [3, 3, 3]);
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2f, 2f, 2f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(12)]
    public async Task An_update_of_many_chunks_is_put_together(int chunk)
    {
        var run = await ScriptedRun.BeginAsync(centre, hospitals: 2);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[1], [1, 2, 3]);
        var payload = new ParameterVector([3, 4, 5]).ToBytes();
        var intake = new UpdateIntake(centre.Grains, chunk);
        var result = await intake.AppendAsync(
            run.Address(run.Hospitals[0], ContentDigest.Of(payload)), 10, 0, new MemoryStream(payload), CancellationToken.None);

        Assert.Equal(IntakeVerdict.Counted, result.Verdict);
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2f, 3f, 4f);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(UpdateIntake.ChunkBytes)]
    public async Task What_arrived_before_the_line_broke_is_held(int chunk)
    {
        var run = await ScriptedRun.BeginAsync(centre, hospitals: 2);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[1], [1, 1, 1]);
        var payload = new ParameterVector([3, 3, 3]).ToBytes();
        var address = run.Address(run.Hospitals[0], ContentDigest.Of(payload));
        var intake = new UpdateIntake(centre.Grains, chunk);
        using var aborted = new CancellationTokenSource();
        await using var broken = new BrokenStream(payload[..7], aborted.Cancel);
        await Assert.ThrowsAsync<IOException>(() => intake.AppendAsync(address, 10, 0, broken, aborted.Token));

        Assert.Equal((IntakeVerdict.Partial, 7L), Of(await centre.Intake.HeldAsync(address, CancellationToken.None)));
        Assert.Equal(IntakeVerdict.Counted, (await run.AppendAsync(address, 10, 7, payload[7..])).Verdict);
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2f, 2f, 2f);
    }

    [Fact]
    public async Task Encoded_updates_count_as_the_values_that_they_stand_for()
    {
        var run = await ScriptedRun.BeginAsync(centre, hospitals: 2, plan => plan["transfer"] = new JsonObject { ["update"] = "bf16" });
        await run.TrainAsync();
        foreach (var (hospital, values) in run.Hospitals.Zip(new float[][] { [1, 2, 3], [3, 4, 5] }))
        {
            var encoded = ErrorFeedback.Encode(new(values), null, new TransferPlan { Update = "bf16" });
            var address = run.Address(hospital, ContentDigest.Of(encoded.Bytes.Span)) with { Length = 6, Encoding = "bf16" };
            var result = await Centre.UntilAsync(
                () => run.AppendAsync(address, 10, 0, encoded.Bytes.ToArray()), result => result.Verdict != IntakeVerdict.Busy, "an upload");
            Assert.Equal(IntakeVerdict.Counted, result.Verdict);
        }

        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2f, 3f, 4f);
    }

    [Theory]
    [InlineData(null, 12L, "the update has another length than the model")]
    [InlineData(null, null, "the update is encoded otherwise than the plan says")]
    [InlineData("bf16+lz4", null, "the update is encoded otherwise than the plan says")]
    [InlineData("int8+lz4", 8L, "the update has another length than the model")]
    [InlineData("int8+lz4", 0L, "the update has another length than the model")]
    [InlineData("int8+lz4", 6L, "the update's bytes are not what their encoding says")]
    public async Task An_update_that_is_not_encoded_as_the_plan_says_is_refused(string? encoding, long? length, string reason)
    {
        var run = await ScriptedRun.BeginAsync(
            centre, hospitals: 3, plan => plan["transfer"] = new JsonObject { ["update"] = "int8", ["compression"] = "lz4" });
        await run.TrainAsync();
        byte[] payload = [99, 0, 0, 0, 1, 1];
        var address = run.Address(run.Hospitals[0], ContentDigest.Of(payload)) with { Encoding = encoding, Length = length };
        var result = await Centre.UntilAsync(
            () => run.AppendAsync(address, 10, 0, payload), result => result.Verdict != IntakeVerdict.Busy, "an upload");

        Assert.Equal((IntakeVerdict.Refused, reason), (result.Verdict, result.Reason));
        await run.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task An_update_of_a_declared_length_goes_on_from_what_is_held_and_its_receipt_can_be_had_again()
    {
        var run = await ScriptedRun.BeginAsync(centre, hospitals: 2);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[1], [1, 1, 1]);
        var payload = new ParameterVector([3, 3, 3]).ToBytes();
        var address = run.Address(run.Hospitals[0], ContentDigest.Of(payload)) with { Length = payload.Length };

        Assert.Equal((IntakeVerdict.Partial, 5L), Of(await run.AppendAsync(address, 10, 0, payload[..5])));
        Assert.Equal((IntakeVerdict.Partial, 5L), Of(await run.AppendAsync(address, 10, 5, [])));
        Assert.Equal(IntakeVerdict.Counted, (await run.AppendAsync(address, 10, 5, payload[5..])).Verdict);
        Assert.Equal(IntakeVerdict.Counted, (await run.AppendAsync(address, 10, 12, [])).Verdict);
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2f, 2f, 2f);
    }

    [Theory]
    [InlineData(null, 12, 13)]
    [InlineData(null, 12, 300)]
    [InlineData("int8+lz4", 1, 6)]
    public async Task A_body_that_is_longer_than_it_says_is_refused(string? encoding, long declared, int length)
    {
        var run = await ScriptedRun.BeginAsync(centre, hospitals: 3, plan =>
        {
            if (encoding is not null)
            {
                plan["transfer"] = new JsonObject { ["update"] = "int8", ["compression"] = "lz4" };
            }
        });
        await run.TrainAsync();
        var payload = new byte[length];
        var address = run.Address(run.Hospitals[0], ContentDigest.Of(payload)) with { Encoding = encoding, Length = declared };

        var result = await run.AppendAsync(address, 10, 0, payload);
        Assert.Equal((IntakeVerdict.Refused, "the update has another length than the model"), (result.Verdict, result.Reason));
        await run.Run.StopAsync("the test is over");
    }

    private static void AssertRefused(string reason, IntakeResult result) =>
        Assert.Equal((IntakeVerdict.Refused, reason), (result.Verdict, result.Reason));

    private static (IntakeVerdict Verdict, long Held) Of(IntakeResult result) => (result.Verdict, result.Held);
}
