using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Models;
using FederatedOrleans.Runs;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation;

/// <summary>Whole federations whose updates travel encoded.</summary>
public sealed class EncodingTests(ITestOutputHelper output)
{
    private const int Rounds = 30;

    [Fact]
    public async Task Updates_of_eight_bits_train_nearly_the_same_model_and_lossless_ones_the_same()
    {
        await using var federation = await TestFederation.StartAsync();
        var plain = await ModelAsync(federation, null, null);
        Assert.Equal(plain.Digest, (await ModelAsync(federation, "float32", "none")).Digest);
        Assert.Equal(plain.Digest, (await ModelAsync(federation, "float32", "lz4")).Digest);

        var first = await ModelAsync(federation, "int8", "lz4");
        Assert.Equal(first.Digest, (await ModelAsync(federation, "int8", "none")).Digest);
        var half = await ModelAsync(federation, "bf16", "none");

        // What travelled in all rounds follows the true updates within one step of the encoding; training pulls what is left towards the
        // same minimum.
        var largest = plain.Span.ToArray().Max(MathF.Abs);
        var (eight, sixteen) = (Difference(plain, first), Difference(plain, half));
        output.WriteLine($"largest parameter {largest:F4}, off by {eight:E2} with int8, {sixteen:E2} with bf16");
        Assert.NotEqual(plain.Digest, first.Digest);
        Assert.InRange(eight, 0, 0.0005 * largest);
        Assert.InRange(sixteen, 0, 0.0005 * largest);
    }

    [Fact]
    public async Task What_updates_lose_does_not_add_up_over_the_rounds()
    {
        // In a rehearsal a hospital's updates are all alike: what one loses each of them would lose again.
        static void Rehearse(JsonNode plan) => plan["model"] = new JsonObject { ["kind"] = "rehearsal", ["parameters"] = 10_001 };
        await using var federation = await TestFederation.StartAsync();
        var plain = await ModelAsync(federation, null, null, Rehearse);
        var encoded = await ModelAsync(federation, "int8", "lz4", Rehearse);

        // Made-up values lie within 5e-4: so one step is 5e-4 / 127. Sums in float32 lose their share.
        const double Step = 5e-4 / 127;
        var difference = Difference(plain, encoded);
        output.WriteLine($"off by {difference / Step:F3} steps after {Rounds} rounds");
        Assert.InRange(difference, 0, Step);
        Assert.NotEqual(0, difference);
    }

    [Fact]
    public async Task What_an_update_lost_is_made_good_only_by_those_that_follow_an_included_one()
    {
        await using var played = await MissedRound.PlayAsync(Plan(3, "int8", "none", minimumReports: 3));
        var (federation, run, state) = (played.Federation, played.Run, played.InThird);

        // The third begins with what the first lost, and leaves its own.
        Assert.Equal(1, state.Memory.Residual!.Id.Round);
        Assert.Equal((3, "int8"), (state.Outbox!.Staged.Residual!.Id.Round, state.Outbox.Encoding));
        await federation.UntilAsync(async () => (await federation.StateAsync(run)).SettledRound == 3);
        Assert.Equal(3, (await federation.StateAsync(run)).Memory.Residual!.Id.Round);
        await federation.UntilAsync(() => Task.FromResult(
            federation.ResidualFiles.Select(Path.GetFileName).SequenceEqual([$"{run}.3.1.residual"])));
    }

    private static double Difference(ParameterVector one, ParameterVector other) =>
        one.Span.ToArray().Zip(other.Span.ToArray(), (a, b) => Math.Abs((double)a - b)).Max();

    private static async Task<ParameterVector> ModelAsync(
        TestFederation federation, string? update, string? compression, Action<JsonNode>? change = null)
    {
        var run = await federation.Simulation.SubmitAsync(Plan(Rounds, update, compression, minimumReports: 4, change), federation.Token);
        Assert.Equal(Rounds, (await federation.VersionsAsync(run)).Length);
        return await federation.Simulation.ReadModelAsync(run, cancellationToken: federation.Token);
    }

    private static byte[] Plan(int rounds, string? update, string? compression, int minimumReports, Action<JsonNode>? change = null)
    {
        var plan = JsonNode.Parse(Toy.Plan(rounds, minimumReports))!;
        if (update is not null)
        {
            plan["transfer"] = new JsonObject { ["update"] = update, ["compression"] = compression };
        }

        change?.Invoke(plan);
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }
}
