using System.Text.Json.Nodes;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Federations;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;

namespace FederatedOrleans;

/// <summary>Three Silos on one database: whichever of them dies or is restarted, and when the database is away, a run goes on.</summary>
public sealed class ClusterTests
{
    // The state of the grain that lists hospitals and runs.
    private const string List = "fo.federation";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>They take minutes and half a dozen processes: by a flag, as every fault that need not be tried at each change.</summary>
    public ClusterTests() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("FEDERATED_FAULTS") == "all", "Takes minutes: set FEDERATED_FAULTS=all to run it.");

    [Fact]
    public async Task Killed_one_after_the_other_and_restarted_in_turn_they_end_with_the_model_of_a_single_silo()
    {
        var plan = PlanOf(rounds: 9);
        var expected = await UndisturbedAsync(plan);
        await using var database = await SharedDatabase.StartAsync(Token);
        await using var federation = await TestFederation.StartAsync(3, database.Storage, TestPlan.Hospitals);

        var run = await federation.SubmitAsync(plan);
        var round = 1;
        foreach (var silo in federation.Local.Silos)
        {
            await HeldAsync(federation, run, round++, async () =>
            {
                await federation.Local.EndAsync(silo, kill: true);
                await federation.Local.StartSiloAsync(Token, silo);
            });
        }

        foreach (var silo in federation.Local.Silos)
        {
            await HeldAsync(federation, run, round++, async () =>
            {
                await federation.StopSiloAsync(silo);
                await federation.Local.StartSiloAsync(Token, silo);
            });
        }

        // Nobody but a run that is under way is to be woken.
        Assert.Equal(1, await database.CountAsync("Reminder", Token));
        await AssertSameAsync(expected, federation, run);
        await federation.WaitAsync("the reminder to be gone", async () => await database.CountAsync("Reminder", Token) == 0);
    }

    [Fact]
    public async Task Updates_spread_over_them_are_the_same_model_whichever_of_them_dies()
    {
        // Three shards of a model that one Silo would keep whole.
        var plan = TestPlan.Make(plan =>
        {
            plan["model"] = new JsonObject { ["kind"] = ModelKinds.Rehearsal, ["parameters"] = 700_000 };
            plan["rounds"] = 60;
            plan["round"]!["leaseTime"] = "00:10:00";
            plan["round"]!["selectionWindow"] = "00:10:00";
            plan["round"]!["reportingDeadline"] = "00:20:00";
        });
        ContentDigest[] expected;
        await using (var alone = await TestFederation.StartAsync(TestPlan.Hospitals))
        {
            await alone.ApproveAsync(ModelKinds.Rehearsal);
            expected = [.. (await alone.CompleteAsync(await alone.SubmitAsync(plan))).Select(version => version.Manifest.ModelAfter)];
        }

        await using var database = await SharedDatabase.StartAsync(Token);
        await using var federation = await TestFederation.StartAsync(
            3,
            database.Storage,
            options =>
            {
                options.SiloSettings["shardBytes"] = 1 << 20;
                return options;
            },
            TestPlan.Hospitals);
        await federation.ApproveAsync(ModelKinds.Rehearsal);
        var run = await federation.SubmitAsync(plan);
        foreach (var silo in federation.Local.Silos)
        {
            var held = await HeldWithUpdatesAsync(federation, run);
            await federation.Local.EndAsync(silo, kill: true);
            await federation.Local.StartSiloAsync(Token, silo);
            await held.SignalAsync("CONT");
        }

        await AssertSameAsync(expected, federation, run);
    }

    [Fact]
    public async Task A_database_that_is_away_for_20_seconds_ends_nothing()
    {
        var plan = PlanOf(rounds: 4);
        var expected = await UndisturbedAsync(plan);
        await using var database = await SharedDatabase.StartAsync(Token);
        await using var federation = await TestFederation.StartAsync(3, database.Storage, TestPlan.Hospitals);

        var run = await federation.SubmitAsync(plan);
        await HeldAsync(federation, run, 2, async () =>
        {
            await database.Server.StopAsync();
            await Task.Delay(TimeSpan.FromSeconds(20), Token);
            await database.Server.StartAgainAsync(Token);
        });

        await AssertSameAsync(expected, federation, run);
    }

    [Fact]
    public async Task Started_cold_they_take_up_the_run_by_the_reminder_alone_and_end_it_without_an_operator()
    {
        var plan = PlanOf(rounds: 3);
        var expected = await UndisturbedAsync(plan);
        await using var database = await SharedDatabase.StartAsync(Token);
        await using var federation = await TestFederation.StartAsync(3, database.Storage, TestPlan.Hospitals);

        var run = await federation.SubmitAsync(plan);
        await TrainingAsync(federation, run, 2);
        await federation.WaitAsync("the reminder to be set", async () => await database.CountAsync("Reminder", Token) == 1);
        foreach (var name in federation.Local.Silos.Concat(TestPlan.Hospitals))
        {
            await federation.Local.EndAsync(name, kill: true);
        }

        // Nobody else can wake the run: there are no hospitals to call its round, and the list of runs, by which Silos that start wake
        // them, can't be read. So can't the hospitals that are on it; the run says so, time and again, and is awake.
        var complaint = $"{run}: what is due could not be done";
        var before = federation.Local.Silos.Sum(silo => TimesTold(federation, silo, complaint));
        var list = await database.ExchangeStateAsync(List, [0xFF], Token);
        foreach (var silo in federation.Local.Silos)
        {
            // Without the list none gets ready.
            federation.Local.LaunchSilo(silo);
        }

        await federation.WaitAsync("the reminder to wake the run", () => Task.FromResult(
            federation.Local.Silos.Sum(silo => TimesTold(federation, silo, complaint)) > before));
        await database.ExchangeStateAsync(List, list, Token);

        // Its end is seen where nobody has to be asked for it.
        foreach (var hospital in TestPlan.Hospitals)
        {
            federation.Local.StartHospital(hospital);
        }

        await federation.WaitAsync("the run to take its reminder away", async () => await database.CountAsync("Reminder", Token) == 0);
        await AssertSameAsync(expected, federation, run);
    }

    /// <summary>How often a Silo has said something, over all its lives.</summary>
    private static int TimesTold(TestFederation federation, string silo, string what) => federation.Log(silo).Split(what).Length - 1;

    private static byte[] PlanOf(int rounds) => TestPlan.Long(plan =>
    {
        plan["rounds"] = rounds;
        plan["training"]!["steps"] = 200_000;
        plan["round"]!["minimumReports"] = 4;
        plan["round"]!["leaseTime"] = "00:10:00";
        plan["round"]!["selectionWindow"] = "00:10:00";
        plan["round"]!["reportingDeadline"] = "00:20:00";
    });

    private static async Task<ContentDigest[]> UndisturbedAsync(byte[] plan)
    {
        await using var federation = await TestFederation.StartAsync(TestPlan.Hospitals);
        var versions = await federation.CompleteAsync(await federation.SubmitAsync(plan));
        return [.. versions.Select(version => version.Manifest.ModelAfter)];
    }

    /// <summary>
    /// Interferes while hospitals train in a round, and holds that round meanwhile by freezing one of them: how long a Silo takes to come
    /// back, or the database is away, must not decide in which rounds the rest happens.
    /// </summary>
    private static async Task HeldAsync(TestFederation federation, string run, int round, Func<Task> interfere)
    {
        await TrainingAsync(federation, run, round);
        var held = federation.Local.Processes[TestPlan.Hospitals[^1]];
        await held.SignalAsync("STOP");
        try
        {
            await interfere();
        }
        finally
        {
            await held.SignalAsync("CONT");
        }
    }

    /// <summary>Freezes a hospital that has accepted and not reported, and waits until the others have: their updates are held for it.</summary>
    private static async Task<DemoProcess> HeldWithUpdatesAsync(TestFederation federation, string run)
    {
        var held = federation.Local.Processes[TestPlan.Hospitals[^1]];
        await federation.WaitThroughAsync("a round that only one hospital has to report to", async () =>
        {
            // When is luck: where it had not accepted yet, or had reported, it is let go on for a moment.
            await held.SignalAsync("STOP");
            for (var look = 0; look < 20; look++)
            {
                if ((await federation.RunAsync(run)).CurrentRound is { Phase: RoundPhase.Training } current
                    && current.Hospitals.Count(hospital => hospital.Status == ParticipantStatus.Reported) == TestPlan.Hospitals.Length - 1)
                {
                    return true;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), Token);
            }

            await held.SignalAsync("CONT");
            return false;
        });
        return held;
    }

    /// <summary>Waits until a hospital trains in a round, or a later one: what is about to die may hold anything then.</summary>
    private static Task TrainingAsync(TestFederation federation, string run, int round) => federation.WaitThroughAsync(
        $"training in round {round}",
        async () => (await federation.RunAsync(run)).CurrentRound is { Phase: RoundPhase.Training } current
            && current.Round >= round
            && current.Hospitals.Any(hospital => hospital.StepsDone > 0));

    private static async Task AssertSameAsync(ContentDigest[] expected, TestFederation federation, string run)
    {
        for (var round = 1; round <= expected.Length; round++)
        {
            // Each has its own patience: the machine may be slow.
            await federation.WaitThroughAsync($"round {round}", async () =>
            {
                var summary = (await federation.RunAsync(run)).Summary;
                Assert.NotEqual(RunStatus.Paused, summary.Status);
                return summary.CommittedRounds >= round;
            });
        }

        await federation.WaitThroughAsync("the run to be complete", async () => (await federation.RunAsync(run)).Summary.Status == RunStatus.Completed);
        var versions = await federation.Client.VersionsAsync(run, Token);
        Assert.Equal(expected, versions.Select(version => version.Manifest.ModelAfter));
        Assert.All(versions, version => Assert.Equal(
            TestPlan.Hospitals, version.Manifest.Participants.Select(update => update.Hospital)));
    }
}
