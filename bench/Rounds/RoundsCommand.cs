using System.Collections.Immutable;
using System.CommandLine;
using FederatedOrleans.Simulation;

namespace FederatedOrleans.Bench.Rounds;

/// <summary><c>bench rounds</c>: committed rounds a second of a whole federation.</summary>
internal static class RoundsCommand
{
    private const int WarmUp = 20;

    public static Command Create()
    {
        var hospitals = new Option<int>("--hospitals") { Description = "Hospitals, all of which must report", DefaultValueFactory = _ => 4 };
        var parameters = new Option<int>("--parameters") { Description = "Parameters of the model, 2 to about 15,000", DefaultValueFactory = _ => 1000 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds after the warm-up", DefaultValueFactory = _ => 300 };
        var programs = new Option<string?>("--programs")
        {
            Description = "Folder artifacts/bin of a Release build: measure real processes too, always four hospitals",
        };
        var command = new Command("rounds", "Committed rounds a second of a federation in one process, and of processes")
        {
            hospitals, parameters, rounds, programs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new BenchPlan(parsed.GetValue(hospitals), parsed.GetValue(parameters), parsed.GetValue(rounds) + WarmUp + 1),
            parsed.GetValue(programs),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(BenchPlan plan, string? programs, CancellationToken cancellationToken)
    {
        var measured = new List<(string Setting, RoundTimes Times)>();
        foreach (var storage in Enum.GetValues<SimulationStorage>())
        {
            Console.WriteLine($"{storage} storage, {plan.Rounds} rounds ...");
            measured.Add(($"one process, {storage} storage", await MeasureAsync(plan, storage, cancellationToken)));
        }

        if (programs is not null)
        {
            Console.WriteLine($"processes, {plan.Rounds} rounds ...");
            measured.Add(("1 Silo and 4 node processes, TLS, SQLite",
                await ProcessTimes.MeasureAsync(plan, programs, WarmUp, cancellationToken)));
        }

        await ResultFile.WriteAsync("rounds", "Rounds a second", Lines(plan, measured), cancellationToken);
        return 0;
    }

    private static async Task<RoundTimes> MeasureAsync(BenchPlan plan, SimulationStorage storage, CancellationToken cancellationToken)
    {
        // The centre's and the sites' times are those of the real processes: a wait for one of them would show.
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions { Hospitals = [.. plan.ToHospitals()], Storage = storage }, cancellationToken);
        return await RoundTimes.MeasureAsync(simulation.Federation, simulation.Run, plan.ToJson(), WarmUp, cancellationToken);
    }

    private static IEnumerable<string> Lines(BenchPlan plan, List<(string Setting, RoundTimes Times)> measured)
    {
        yield return $"{plan.Hospitals} hospitals, all of which must report; {plan.Parameters:N0} parameters; one step of local training on four rows;";
        yield return $"only the final model is evaluated. {WarmUp} rounds of warm-up are left out. Ticks (1 s), heartbeats (5 s) and polls (15 s) as in";
        yield return "the real processes: no round waits for one. Blobs and outboxes are files flushed at every write in every setting.";
        yield return "";
        yield return "| setting | rounds | rounds a second | median ms a round | p90 ms |";
        yield return "| --- | --- | --- | --- | --- |";
        foreach (var (setting, times) in measured)
        {
            yield return $"| {setting} | {times.Intervals.Length} | {1000 / times.Intervals.Average():F1} | {At(times.Intervals, .5):F1} | {At(times.Intervals, .9):F1} |";
        }

        yield return "";
        yield return "Where the time goes, over the newest rounds of each run (median / p90, ms):";
        yield return "";
        yield return $"| phase | {string.Join(" | ", measured.Select(entry => entry.Setting))} |";
        yield return $"| --- | {string.Join(" | ", measured.Select(_ => "---"))} |";
        for (var phase = 0; phase < measured[0].Times.Phases.Length; phase++)
        {
            var cells = measured
                .Select(entry => phase < entry.Times.Phases.Length ? entry.Times.Phases[phase].Times : [])
                .Select(times => times.IsEmpty ? "not measured" : $"{At(times, .5):F1} / {At(times, .9):F1}");
            yield return $"| {measured[0].Times.Phases[phase].Phase} | {string.Join(" | ", cells)} |";
        }
    }

    private static double At(ImmutableArray<double> values, double quantile) =>
        values.IsEmpty ? double.NaN : values.Sort()[(int)Math.Ceiling(quantile * values.Length) - 1];
}
