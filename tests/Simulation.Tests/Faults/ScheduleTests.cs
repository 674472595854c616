using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Globalization;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Simulation.Faults;

/// <summary>Seeded schedules of lost, doubled, late and broken calls, of states that can't be stored, and of grains and sites that end.</summary>
/// <remarks>
/// 200 by default, 1,000 with <c>FEDERATED_FAULTS=all</c>; one alone with <c>FEDERATED_SEED</c>. A schedule that violates an invariant is
/// told with its seed.
/// </remarks>
public sealed class ScheduleTests
{
    private const int Block = 25;
    private const int AtOnce = 4;
    private const int MinimumReports = 2;

    public static TheoryData<int, int> Seeds()
    {
        var seeds = new TheoryData<int, int>();
        if (int.TryParse(Environment.GetEnvironmentVariable("FEDERATED_SEED"), CultureInfo.InvariantCulture, out var seed))
        {
            seeds.Add(seed, 1);
            return seeds;
        }

        var schedules = Environment.GetEnvironmentVariable("FEDERATED_FAULTS") == "all" ? 1_000 : 200;
        for (var first = 1; first <= schedules; first += Block)
        {
            seeds.Add(first, Block);
        }

        return seeds;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task No_schedule_of_faults_violates_an_invariant(int first, int count)
    {
        var failures = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(first, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (seed, _) =>
            {
                foreach (var violation in await RunAsync(seed))
                {
                    failures.Enqueue($"seed {seed}: {violation}");
                }
            });
        Assert.True(failures.IsEmpty, string.Join(Environment.NewLine, failures));
    }

    private static async Task<List<string>> RunAsync(int seed)
    {
        var plan = Toy.Plan(
            rounds: 3,
            MinimumReports,
            lease: "00:00:10",
            attempts: 100,

            // Every other run has two groups of two hospitals.
            groupSize: seed % 2 == 0 ? 64 : 2,
            ("selectionWindow", "00:00:20"),
            ("reportingDeadline", "00:01:00"),
            ("closingDeadline", "00:00:20"));
        if (seed % 3 == 0)
        {
            // And every third a server optimizer that keeps something from round to round.
            var changed = JsonNode.Parse(plan)!;
            changed["serverOptimizer"] = new JsonObject { ["name"] = "fedyogi", ["learningRate"] = 0.1 };
            plan = Encoding.UTF8.GetBytes(changed.ToJsonString());
        }

        await using var federation = await FaultyFederation.StartAsync(Scenario.Of(seed));
        try
        {
            var summary = await federation.RunAsync(plan);
            return await Invariants.ViolationsAsync(federation, summary, TrainingPlanReader.Read(plan).Plan!, MinimumReports);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return [$"the run did not end: {await federation.WhyAsync()}"];
        }
    }
}
