using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FederatedOrleans.Bench.Rounds;
using FederatedOrleans.Simulation;
using FederatedOrleans.Simulation.Faults;

namespace FederatedOrleans.Bench.Scale;

/// <summary><c>bench scale</c>: how the time and the memory of a round grow with the participants.</summary>
internal static class ScaleCommand
{
    private const double Mega = 1e6;
    private const string One = "scale-one";
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    /// <summary>The command, and the one by which it measures each size in a process of its own.</summary>
    public static IEnumerable<Command> Create()
    {
        var participants = new Option<int[]>("--participants")
        {
            Description = "Numbers of participants", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [100, 1_000, 10_000],
        };
        var parameters = new Option<int>("--parameters") { Description = "Parameters of the model", DefaultValueFactory = _ => 10_000 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds", DefaultValueFactory = _ => 20 };
        var drop = new Option<double>("--drop-out") { Description = "Share of the participants that drop out of each round", DefaultValueFactory = _ => 0.1 };
        var command = new Command("scale", "Time and memory of rounds with many simulated participants") { participants, parameters, rounds, drop };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var lines = new List<string>();
            foreach (var count in parsed.GetValue(participants)!)
            {
                string[] arguments =
                [
                    One, "--participants", Text(count), "--parameters", Text(parsed.GetValue(parameters)), "--rounds", Text(parsed.GetValue(rounds)),
                    "--drop-out", parsed.GetValue(drop).ToString(CultureInfo.InvariantCulture),
                ];
                lines.Add(await MeasureApartAsync(arguments, cancellationToken));
                Console.WriteLine(lines[^1]);
            }

            await ResultFile.WriteAsync(
                "scale",
                "Many participants in one process",
                Lines(parsed.GetValue(parameters), parsed.GetValue(rounds), parsed.GetValue(drop), lines),
                cancellationToken);
            return 0;
        });

        var one = new Option<int>("--participants") { Required = true };
        var alone = new Command(One, "One size of scale, in this process") { one, parameters, rounds, drop };
        alone.Hidden = true;
        alone.SetAction(async (parsed, cancellationToken) =>
        {
            Console.WriteLine(await MeasureAsync(
                new ScalePlan(parsed.GetValue(one), parsed.GetValue(parameters), parsed.GetValue(rounds)), parsed.GetValue(drop), cancellationToken));
            return 0;
        });
        return [command, alone];
    }

    private static IEnumerable<string> Lines(int parameters, int rounds, double drop, IEnumerable<string> measured)
    {
        yield return $"One process holds the centre and every site, each with its own outbox and cache on the disk, flushed as ever; states in memory;";
        yield return $"{parameters:N0} parameters, {rounds} rounds of a rehearsal (made-up updates), {drop:P0} of the participants drop out of each round, by a seed.";
        yield return "A round invites all and closes when 80 % have reported. Heartbeats and polls every 5 minutes, so that they do not hide the rounds' own cost.";
        yield return "Memory includes every site: most of it is theirs.";
        yield return "";
        yield return "| participants | median s a round | longest s | ms a participant | reports counted, median | peak RSS MB |";
        yield return "| --- | --- | --- | --- | --- | --- |";
        foreach (var line in measured)
        {
            yield return line;
        }
    }

    /// <summary>Measures in a process of its own: the peak of a process does not go down.</summary>
    private static async Task<string> MeasureApartAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        try
        {
            var output = await child.StandardOutput.ReadToEndAsync(cancellationToken);
            await child.WaitForExitAsync(cancellationToken);
            return child.ExitCode == 0
                ? output.TrimEnd().Split('\n')[^1]
                : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {child.ExitCode}.");
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task<string> MeasureAsync(ScalePlan plan, double drop, CancellationToken cancellationToken)
    {
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions
            {
                Hospitals = [.. plan.ToHospitals()],
                HeartbeatInterval = TimeSpan.FromMinutes(5),
                PollInterval = TimeSpan.FromMinutes(5),
                Faults = new LinkFaults { Seed = plan.Participants, DropOutRate = drop },
            },
            cancellationToken);
        var run = await simulation.SubmitAsync(plan.ToJson(), cancellationToken);
        using var told = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var progress = TellAsync(simulation, run, told.Token);
        var summary = await simulation.CompletionAsync(run, cancellationToken);
        await told.CancelAsync();
        await progress;
        var manifests = (await simulation.VersionsAsync(run, cancellationToken)).Select(version => version.Manifest).ToArray();
        if (manifests.Length != plan.Rounds)
        {
            throw new InvalidOperationException($"The run ended: {summary.Reason}");
        }

        var times = manifests.Select(manifest => (manifest.CommittedAt - manifest.BeganAt).TotalSeconds).Order().ToArray();
        var reports = manifests.Select(manifest => manifest.Participants.Length).Order().ToArray();
        var median = times[times.Length / 2];
        return $"| {plan.Participants:N0} | {median:0.00} | {times[^1]:0.00} | {median * 1000 / plan.Participants:0.00} | {reports[reports.Length / 2]:N0} | {Memory.PeakOf(Environment.ProcessId) / Mega:N0} |";
    }

    /// <summary>Says on standard error, now and then, what the run waits for.</summary>
    private static async Task TellAsync(FederationSimulation simulation, string run, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TellEvery, cancellationToken);
                await Console.Error.WriteLineAsync((await simulation.Run(run).WhyAsync(cancellationToken))?.Why);
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
