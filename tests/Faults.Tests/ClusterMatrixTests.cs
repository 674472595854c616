using FederatedOrleans.Diagnostics;

namespace FederatedOrleans.Faults;

/// <summary>Of three Silos on one database the one dies that hosts what a round needs, or the database does: nothing changes but when the run ends.</summary>
/// <param name="fixture">The federation.</param>
/// <param name="table">Takes what they find.</param>
[Collection(ClusterGroup.Name)]
public sealed class ClusterMatrixTests(ClusterFixture fixture, FaultTable table)
{
    private const string Hospital = "va";

    // How often it is tried to find the round's coordinator on one Silo and its aggregator on another: they are placed together more often.
    private const int MostTries = 5;

    /// <summary>Who is killed.</summary>
    internal static Dictionary<string, string> Killed { get; } = new(StringComparer.Ordinal)
    {
        ["the Silo with the coordinator"] = StepHosts.Coordinator,
        ["the Silo with the aggregator"] = StepHosts.Aggregator,
        ["the database"] = FaultFederation.Database,
    };

    /// <summary>The cells that are tried.</summary>
    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var step in Steps)
            {
                foreach (var killed in Killed.Keys.Where(killed => MatrixTests.IsWhole ? IsOfTheWhole(killed, step) : IsAlwaysTried(killed, step)))
                {
                    cells.Add(killed, step);
                }
            }

            return cells;
        }
    }

    /// <summary>Where: what was stored before differs between any two of them.</summary>
    private static string[] Steps { get; } =
    [
        StepNames.Accepted, StepNames.AggregatorOpened, StepNames.Training, StepNames.OutboxRecorded, StepNames.UpdateStaged,
        StepNames.Receipt, StepNames.ClosingAfterWrite, StepNames.ModelWritten, StepNames.CommitBeforeWrite, StepNames.CommitAfterWrite,
    ];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Whoever_dies_at_a_step_the_others_end_with_the_same_models(string killed, string step)
    {
        var (federation, plan) = (fixture.Federation, FaultPlan.Short());
        var expected = await fixture.UndisturbedAsync(plan);
        var run = "";
        for (var tries = MatrixTests.IsWhole && StepHosts.IsGrain(Killed[killed]) ? MostTries : 1; tries > 0; tries = federation.IsDone ? 0 : tries - 1)
        {
            // The last time whoever hosts it dies, be it both.
            run = await RunAsync(plan, OrderOf(killed, step) with { Apart = tries > 1 });
            await Invariants.AssertAsync(federation, run, plan, expected);
        }

        Assert.True(federation.IsDone, $"nobody was killed at {step}");
        table.Add(await FaultCell.MeasureAsync(federation, killed, step, run));
    }

    // Nobody has opened an aggregator where hospitals still accept.
    private static bool IsOfTheWhole(string killed, string step) =>
        Killed[killed] != StepHosts.Aggregator || step != StepNames.Accepted;

    private static bool IsAlwaysTried(string killed, string step) =>
        Killed[killed] == StepHosts.Coordinator && step == StepNames.CommitBeforeWrite;

    private CrashOrder OrderOf(string killed, string step) => new(
        step.StartsWith("hospital.", StringComparison.Ordinal) ? [Hospital] : [.. fixture.Federation.Silos], step, CountOf(step), [Killed[killed]], Round: 2);

    /// <summary>Runs a plan while an order waits: the run's id.</summary>
    private async Task<string> RunAsync(byte[] plan, CrashOrder order)
    {
        var federation = fixture.Federation;
        await federation.WholeAsync();
        federation.Order(order);
        try
        {
            var run = await federation.SubmitAsync(plan);
            await federation.CompleteAsync(run);
            return run;
        }
        finally
        {
            federation.Revoke();
        }
    }

    /// <summary>How often a step is reached in round 2 until it is reached in the middle of it.</summary>
    private static int CountOf(string step) => step switch
    {
        // A hundred times a round.
        StepNames.Training => 50,

        // By four hospitals.
        StepNames.UpdateStaged => 2,
        _ => 1,
    };
}
