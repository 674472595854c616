using System.CommandLine;

namespace FederatedOrleans.Bench.Links;

/// <summary><c>bench memory</c>: memory of the Silo as the hospitals of a large model become more.</summary>
internal static class MemoryCommand
{
    private const double Mega = 1e6;

    public static Command Create()
    {
        var hospitals = new Option<int[]>("--hospitals")
        {
            Description = "Numbers of hospitals, at most 64 each", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [5, 50],
        };
        var parameters = new Option<int>("--parameters") { Description = "Parameters of the model", DefaultValueFactory = _ => 25_000_000 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds", DefaultValueFactory = _ => 3 };
        var programs = new Option<string>("--programs") { Description = "Folder artifacts/bin of a Release build", Required = true };
        var command = new Command("memory", "Peak memory of the Silo with real link clients and a large model") { hospitals, parameters, rounds, programs };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var measured = new List<string>();
            foreach (var count in parsed.GetValue(hospitals)!)
            {
                Console.WriteLine($"{count} hospitals ...");
                await using var federation = await LinkFederation.StartAsync(
                    parsed.GetValue(programs)!, count, parsed.GetValue(parameters), cancellationToken);
                var manifests = await federation.RunAsync(parsed.GetValue(parameters), parsed.GetValue(rounds), cancellationToken);
                var times = manifests.Select(manifest => (manifest.CommittedAt - manifest.BeganAt).TotalSeconds).Order().ToArray();
                measured.Add($"| {count} | {count * parsed.GetValue(parameters) * 4.0 / Mega:N0} | {times[times.Length / 2]:0.0} | {federation.PeakMemory / Mega:N0} |");
                Console.WriteLine(measured[^1]);
            }

            await ResultFile.WriteAsync("memory", "Memory of the Silo", Lines(parsed.GetValue(parameters), measured), cancellationToken);
            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(int parameters, IEnumerable<string> measured)
    {
        yield return $"1 Silo process on SQLite with the default budgets (304 MiB staged in memory, 16 GiB in encrypted scratch); {parameters:N0} parameters ({parameters * 4 / Mega:N0} MB); hospitals are real";
        yield return "ends of the link in one other process, over mutual TLS 1.3 and loopback; all must report.";
        yield return "";
        yield return "| hospitals | updates of a round MB | median s a round | Silo peak RSS MB |";
        yield return "| --- | --- | --- | --- |";
        foreach (var line in measured)
        {
            yield return line;
        }
    }
}
