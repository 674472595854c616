using System.Diagnostics;
using System.Text.Json.Nodes;
using FederatedOrleans.Federations;

namespace FederatedOrleans;

/// <summary>How the demo ends where something goes wrong: always, with a reason, and with nothing left behind.</summary>
public sealed class DemoTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_round_is_committed_with_every_hospital_and_the_result_for_scripts_tells_each()
    {
        await using var demo = DemoRun.Start(demo => ["--json", demo.In("result.json")]);

        Assert.True(await demo.EndAsync() == 0, demo.Printed);
        var result = JsonNode.Parse(await File.ReadAllTextAsync(demo.In("result.json"), Token))!.AsObject();
        Assert.Equal(
            ["run", "status", "data", "planDigest", "rounds", "roundsCommitted", "finalModelDigest", "secondsPerRound", "perRound"],
            result.Select(member => member.Key));
        Assert.Equal(("Completed", 15, 15), (Of<string>("status"), Of<int>("rounds"), Of<int>("roundsCommitted")));
        var rounds = result["perRound"]!.AsArray();
        Assert.Equal(Enumerable.Range(1, 15), rounds.Select(round => round!["round"]!.GetValue<int>()));
        Assert.All(rounds, round =>
        {
            Assert.Equal(["round", "attempt", "seconds", "committedAt", "model", "hospitals", "leftOut", "metrics"], round!.AsObject().Select(member => member.Key));
            Assert.Equal(TestPlan.Hospitals, round["hospitals"]!.AsArray().Select(hospital => hospital!.GetValue<string>()));
            Assert.Empty(round["leftOut"]!.AsArray());
        });
        Assert.Equal(Of<string>("finalModelDigest"), rounds[^1]!["model"]!.GetValue<string>());
        Assert.InRange(Of<double>("secondsPerRound"), double.Epsilon, 60);
        var metrics = rounds[^1]!["metrics"]!.AsObject();
        Assert.Equal(TestPlan.Hospitals, metrics.Select(hospital => hospital.Key).Order(StringComparer.Ordinal));
        Assert.All(metrics, hospital => Assert.Equal(
            ["examples", "accuracy", "auc", "logLoss", "majorityRate"], hospital.Value!.AsObject().Select(member => member.Key)));
        AssertNothingLeft(demo);

        T Of<T>(string name) => result[name]!.GetValue<T>();
    }

    [Fact]
    public async Task A_run_that_pauses_ends_the_demo_with_its_reason()
    {
        await using var demo = DemoRun.Start("--rounds", "100000");
        await demo.LineAsync("round 1 is committed");
        await using (var client = await DemoRun.ConnectAsync(demo.Made))
        {
            var run = Assert.Single(await client.RunsAsync(1, Token)).Run;
            await client.PauseAsync(run, "a hospital asked for it", Token);
        }

        Assert.Equal(4, await demo.EndAsync());
        Assert.Contains("a hospital asked for it", demo.Printed, StringComparison.Ordinal);
        Assert.DoesNotContain("fed run watch", demo.Printed, StringComparison.Ordinal);
        AssertNothingLeft(demo);
    }

    [Fact]
    public async Task A_silo_that_dies_in_mid_run_ends_the_demo()
    {
        await using var demo = DemoRun.Start("--rounds", "100000");
        await demo.LineAsync("round 1 is committed");
        await DemoRun.SignalAsync("KILL", Assert.Single(demo.ProcessesOf("silo/")));

        Assert.Equal(1, await demo.EndAsync());
        Assert.Contains("silo has ended", demo.Printed, StringComparison.Ordinal);
        AssertNothingLeft(demo);
    }

    [Fact]
    public async Task A_process_that_dies_after_the_run_ends_a_demo_that_is_kept()
    {
        await using var demo = DemoRun.Start("--rounds", "1", "--keep");
        await demo.LineAsync("/login?link=");
        await DemoRun.SignalAsync("KILL", Assert.Single(demo.ProcessesOf("va/")));

        Assert.Equal(1, await demo.EndAsync());
        Assert.Contains("va has ended", demo.Printed, StringComparison.Ordinal);
        Assert.Contains("the update of", demo.Printed[demo.Printed.IndexOf("va has ended", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Empty(demo.Processes);
    }

    [Fact]
    public async Task A_signal_in_mid_run_leaves_no_process_and_no_folder_even_where_a_process_hangs()
    {
        await using var demo = DemoRun.Start("--rounds", "100000");
        await demo.LineAsync("round 1 is committed");
        Assert.Equal(5, demo.Processes.Count());
        await DemoRun.SignalAsync("STOP", Assert.Single(demo.ProcessesOf("silo/")));
        await demo.SignalAsync("TERM");

        Assert.Equal(130, await demo.EndAsync());
        AssertNothingLeft(demo);
    }

    [Fact]
    public async Task The_script_takes_paths_as_its_caller_means_them()
    {
        Assert.SkipUnless(TestFiles.Silo.Contains("/release/", StringComparison.Ordinal), "The script runs programs that are built for release.");

        // What is built is built: a compiler that does nothing but say what it was asked for.
        await using var demo = DemoRun.Start(demo =>
        {
            var tools = Directory.CreateDirectory(demo.In("tools")).FullName;
            File.WriteAllText(Path.Combine(tools, "dotnet"), $"#!/bin/sh\necho \"$PWD $*\" >> {demo.In("built")}\n");
            Executable(Path.Combine(tools, "dotnet"));
            var caller = Directory.CreateDirectory(demo.In("caller")).FullName;
            var (records, dataset) = TestFiles.Records(demo.In("caller", "records"));
            string[] arguments =
            [
                "--rounds", "1", "--data", Path.GetRelativePath(caller, records), "--dataset", Path.GetRelativePath(caller, dataset),
                "--json", "federation/out.json", "--model", "model.json", "--folder", "federation",
            ];
            var start = new ProcessStartInfo(TestFiles.At("demo.sh"), arguments) { WorkingDirectory = caller };
            start.Environment["PATH"] = $"{tools}:{start.Environment["PATH"]}";
            return start;
        });

        var exitCode = await demo.EndAsync();
        Assert.True(exitCode == 0, demo.Printed);
        Assert.Equal("Completed", JsonNode.Parse(await File.ReadAllTextAsync(demo.In("caller", "federation", "out.json"), Token))!["status"]!.GetValue<string>());
        Assert.True(File.Exists(demo.In("caller", "model.json")));
        Assert.True(Directory.Exists(demo.In("caller", "federation", "silo")));
        var built = await File.ReadAllLinesAsync(demo.In("built"), Token);
        Assert.Equal(
            ["Silo/FederatedOrleans.Silo", "HospitalNode/FederatedOrleans.HospitalNode", "Cli/FederatedOrleans.Cli", "Simulation/FederatedOrleans.Simulation"],
            built.Select(line => line.Split(' ') is [var folder, "build", var project, ..] && folder == TestFiles.Root ? project.Replace(".csproj", "", StringComparison.Ordinal) : line));
    }

    private static void Executable(string path)
    {
        // Scripts are of no use elsewhere.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private static void AssertNothingLeft(DemoRun demo)
    {
        Assert.Empty(demo.Processes);
        Assert.Empty(Directory.GetDirectories(demo.Temporary, "fed-demo-*"));
    }
}
