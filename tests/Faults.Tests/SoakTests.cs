using System.Globalization;

namespace FederatedOrleans.Faults;

/// <summary>Run after run while processes are killed and connections break at random.</summary>
/// <param name="fixture">The federation.</param>
/// <param name="output">Where the seed is told.</param>
[Collection(FaultsGroup.Name)]
public sealed class SoakTests(FaultsFixture fixture, ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How long, in minutes: <c>FEDERATED_SOAK_MINUTES</c>, 2 by default.</summary>
    private static TimeSpan Time => TimeSpan.FromMinutes(
        double.Parse(Environment.GetEnvironmentVariable("FEDERATED_SOAK_MINUTES") ?? "2", CultureInfo.InvariantCulture));

    [Fact]
    public async Task Whatever_dies_when_every_run_ends_with_the_same_model()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("FEDERATED_SOAK_SEED") ?? $"{Environment.TickCount}", CultureInfo.InvariantCulture);
        output.WriteLine($"FEDERATED_SOAK_SEED={seed}");
        var random = new Random(seed);
        var plan = FaultPlan.Long();
        var expected = await fixture.UndisturbedAsync(plan);
        var began = TimeProvider.System.GetTimestamp();
        var kills = 0;
        for (var runs = 1; runs == 1 || TimeProvider.System.GetElapsedTime(began) < Time; runs++)
        {
            var run = await fixture.Federation.SubmitAsync(plan);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var killing = KillAsync(random, began, () => kills++, ending.Token);
            await fixture.Federation.CompleteAsync(run);
            await ending.CancelAsync();
            await killing;
            await Invariants.AssertAsync(fixture.Federation, run, plan, expected);
            output.WriteLine($"run {runs}: {kills} kills until now");
        }

        Assert.True(kills > 0, "Nobody was killed.");
    }

    private async Task KillAsync(Random random, long began, Action killed, CancellationToken cancellationToken)
    {
        try
        {
            while (TimeProvider.System.GetElapsedTime(began) < Time)
            {
                await Task.Delay(TimeSpan.FromSeconds(0.5 + (random.NextDouble() * 3.5)), cancellationToken);
                string[] names = [FaultFederation.Silo, .. FaultFederation.Hospitals];
                random.Shuffle(names);
                foreach (var name in names.Take(1 + (random.Next(4) / 3)))
                {
                    if (await fixture.Federation.Supervisor.KillAsync(name))
                    {
                        killed();
                    }
                }

                if (random.Next(3) == 0)
                {
                    fixture.Federation.Relay.CutAll();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run has ended.
        }
    }
}
