using FederatedOrleans.Client;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Identity;
using FederatedOrleans.Rounds;

namespace FederatedOrleans.Faults;

/// <summary>Processes are killed at the boundaries of the protocol: nothing changes but when the run ends.</summary>
/// <param name="fixture">The federation.</param>
/// <param name="table">Takes what they find.</param>
[Collection(FaultsGroup.Name)]
public sealed class MatrixTests(FaultsFixture fixture, FaultTable table)
{
    private const string Hospital = "va";

    /// <summary>Whether the whole matrix is tried, which takes a quarter of an hour, or a few cells of it.</summary>
    public static bool IsWhole { get; } = Environment.GetEnvironmentVariable("FEDERATED_FAULTS") == "all";

    /// <summary>Who is killed, and how long the dead stay dead.</summary>
    internal static Dictionary<string, (string[] Victims, TimeSpan Pause)> Killed { get; } = new(StringComparer.Ordinal)
    {
        ["a hospital"] = ([Hospital], Supervisor.Usual),
        ["the Silo"] = ([FaultFederation.Silo], Supervisor.Usual),
        ["the Silo, for 10 s"] = ([FaultFederation.Silo], TimeSpan.FromSeconds(10)),
        ["all hospitals"] = (FaultFederation.Hospitals, Supervisor.Usual),
        ["everybody"] = ([.. FaultFederation.Hospitals, FaultFederation.Silo], Supervisor.Usual),
    };

    /// <summary>Where: the rows of the table. Steps that leave behind what the one before them left are not tried.</summary>
    internal static string[] Steps { get; } =
    [
        StepNames.SelectingAfterWrite, StepNames.Accepted, StepNames.TrainingAfterWrite, StepNames.AggregatorOpened, StepNames.Downloaded,
        StepNames.Training, StepNames.OutboxWritten, StepNames.OutboxRecorded, StepNames.Uploading, StepNames.UpdateStaged, StepNames.FirstUpdateAfterWrite,
        StepNames.Receipt, StepNames.ClosingBeforeWrite, StepNames.ClosingAfterWrite, StepNames.ModelWritten,
        StepNames.CommittingAfterWrite, StepNames.CommitBeforeWrite, StepNames.CommitAfterWrite, StepNames.DecidedAfterWrite,
        StepNames.SettleBeforeWrite, StepNames.SettleAfterWrite, StepNames.AbandoningBeforeWrite, StepNames.AbandoningAfterWrite,
        StepNames.AbandonBeforeWrite, StepNames.AbandonAfterWrite,
    ];

    /// <summary>The cells that are tried.</summary>
    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var step in Steps)
            {
                foreach (var killed in Killed.Keys.Where(killed => IsWhole ? IsOfTheWhole(killed, step) : IsAlwaysTried(killed, step)))
                {
                    cells.Add(killed, step);
                }
            }

            return cells;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Who_is_killed_at_a_step_changes_no_model(string killed, string step)
    {
        var federation = fixture.Federation;
        var plan = step == StepNames.Uploading ? FaultPlan.Large() : FaultPlan.Short();
        var expected = await fixture.UndisturbedAsync(plan);
        var (victims, pause) = Killed[killed];
        string[] announcers = [step.StartsWith("hospital.", StringComparison.Ordinal) ? Hospital : FaultFederation.Silo];
        var order = new CrashOrder(announcers, step, CountOf(step), victims);
        string run;
        try
        {
            run = IsOfAbandoning(step) ? await AbandonedAsync(plan, order, pause) : await KilledAsync(plan, order, pause);
            await federation.WaitAsync($"{killed} to be killed at {step}", () => Task.FromResult(federation.IsDone), FaultFederation.Patience);
            await federation.CompleteAsync(run);
        }
        finally
        {
            federation.Revoke();
            federation.Supervisor.Pause = Supervisor.Usual;
        }

        await Invariants.AssertAsync(federation, run, plan, expected);
        table.Add(await FaultCell.MeasureAsync(federation, killed, step, run));
    }

    // Where many die, or somebody for long, it is what was stored before that matters, by either side.
    private static bool IsOfTheWhole(string killed, string step) => killed is "a hospital" or "the Silo"
        || step is StepNames.Accepted or StepNames.Training or StepNames.OutboxRecorded or StepNames.UpdateStaged
            or StepNames.Receipt or StepNames.ClosingAfterWrite or StepNames.CommitBeforeWrite or StepNames.CommitAfterWrite;

    private static bool IsAlwaysTried(string killed, string step) => (killed, step) is
        ("the Silo", StepNames.UpdateStaged)
        or ("the Silo", StepNames.ModelWritten)
        or ("the Silo", StepNames.CommitBeforeWrite)
        or ("the Silo", StepNames.CommitAfterWrite)
        or ("a hospital", StepNames.OutboxWritten)
        or ("a hospital", StepNames.Uploading)
        or ("all hospitals", StepNames.Receipt)
        or ("everybody", StepNames.Training);

    private static bool IsOfAbandoning(string step) => step is StepNames.AbandoningBeforeWrite or StepNames.AbandoningAfterWrite
        or StepNames.AbandonBeforeWrite or StepNames.AbandonAfterWrite;

    /// <summary>How often a step is reached until it is reached in the middle of what round 2 makes of it.</summary>
    private static int CountOf(string step) => step switch
    {
        // A hundred times a round.
        StepNames.Training => 150,

        // Thirteen pieces of 64 KiB.
        StepNames.Uploading => 18,

        // By four hospitals.
        StepNames.UpdateStaged => 6,

        // Once, where the test gives an attempt up.
        _ when IsOfAbandoning(step) => 1,
        _ => 2,
    };

    private async Task<string> KilledAsync(byte[] plan, CrashOrder order, TimeSpan pause)
    {
        var federation = fixture.Federation;
        federation.Supervisor.Pause = pause;
        var run = federation.SubmitAsync(plan);
        federation.Order(order);
        return await run;
    }

    /// <summary>Gives an attempt up while a hospital is dead in the middle of its training and the others have reported, which is where the order waits.</summary>
    private async Task<string> AbandonedAsync(byte[] plan, CrashOrder order, TimeSpan pause)
    {
        var federation = fixture.Federation;
        var run = await KilledAsync(
            plan, new CrashOrder([Hospital], StepNames.Training, CountOf(StepNames.Training), [Hospital]), TimeSpan.FromSeconds(5));
        await federation.WaitAsync("three reports", async () =>
            federation.IsDone
            && await federation.AskAsync(client => client.RunAsync(run, Token)) is { CurrentRound: { Phase: RoundPhase.Training } round }
            && round.Hospitals.Count(hospital => hospital.Status == ParticipantStatus.Reported) == 3, FaultFederation.Patience);
        federation.Order(order);
        federation.Supervisor.Pause = pause;
        try
        {
            await federation.Federation.Client.AbandonRoundAsync(run, "the test gives it up", Token).WaitAsync(TimeSpan.FromSeconds(5), Token);
        }
        catch (Exception away) when (away is FederationException or CentreUnreachableException or TimeoutException)
        {
            // Who was asked may have died before it could answer.
        }

        return run;
    }
}
