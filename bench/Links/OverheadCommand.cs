using System.CommandLine;

namespace FederatedOrleans.Bench.Links;

/// <summary><c>bench overhead</c>: what a round costs beside training, against the calls and commits that it is made of.</summary>
internal static class OverheadCommand
{
    // On two processors the last of what these programs run often is compiled in round 1,200 or so.
    private const int WarmUp = 2_000;
    private const int ReferenceTimes = 100;

    public static Command Create()
    {
        var hospitals = new Option<int[]>("--hospitals")
        {
            Description = "Numbers of hospitals, at most 64 each", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [4, 10, 50],
        };
        var parameters = new Option<int>("--parameters") { Description = "Parameters of the model", DefaultValueFactory = _ => 1_000 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds after the warm-up", DefaultValueFactory = _ => 500 };
        var programs = new Option<string>("--programs") { Description = "Folder artifacts/bin of a Release build", Required = true };
        var command = new Command("overhead", "Time of rounds of real link clients, against bare calls and commits") { hospitals, parameters, rounds, programs };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var measured = new List<string>();
            foreach (var count in parsed.GetValue(hospitals)!)
            {
                Console.WriteLine($"{count} hospitals ...");
                measured.Add(await MeasureAsync(
                    parsed.GetValue(programs)!, count, parsed.GetValue(parameters), parsed.GetValue(rounds), cancellationToken));
                Console.WriteLine(measured[^1]);
            }

            await ResultFile.WriteAsync("overhead", "What a round costs beside training", Lines(parsed.GetValue(parameters), measured), cancellationToken);
            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(int parameters, IEnumerable<string> measured)
    {
        yield return $"1 Silo process on SQLite; hospitals are real ends of the link in one other process, over mutual TLS 1.3 and loopback; {parameters:N0} parameters; they";
        yield return $"answer and upload at once. {WarmUp:N0} rounds of warm-up are left out, in which the programs compile what they run often. A round is from one commit to the next.";
        yield return "The reference, in the same run on the same machine: as many unary calls as a round has calls and bodies, all hospitals at once, over the same";
        yield return "contract and certificates against a server that does nothing; then as many commits of 4 KB in SQLite (WAL, synchronous FULL) as the Silo made, of states, models and manifests.";
        yield return "";
        yield return "| hospitals | median ms a round | p90 ms | calls a hospital | commits | ms of the calls | ms a commit | reference ms | times the reference |";
        yield return "| --- | --- | --- | --- | --- | --- | --- | --- | --- |";
        foreach (var line in measured)
        {
            yield return line;
        }
    }

    private static async Task<string> MeasureAsync(string programs, int hospitals, int parameters, int rounds, CancellationToken cancellationToken)
    {
        await using var federation = await LinkFederation.StartAsync(programs, hospitals, parameters, cancellationToken);
        await using var bare = await BareCalls.StartAsync(federation, cancellationToken);
        var commit = await BareCommits.MeasureAsync(federation.Folder, cancellationToken);
        var (calls, stored) = (federation.Calls, await federation.StoredAsync(cancellationToken));
        var all = rounds + WarmUp;
        var manifests = await federation.RunAsync(parameters, all, cancellationToken);
        var callsEach = (double)(federation.Calls - calls) / all / hospitals;
        var storedEach = (double)(await federation.StoredAsync(cancellationToken) - stored) / all;
        var bareCalls = await bare.MeasureAsync((int)Math.Round(callsEach), ReferenceTimes, cancellationToken);
        var reference = bareCalls + (storedEach * commit);
        var times = manifests.Zip(manifests.Skip(1), (before, after) => (after.CommittedAt - before.CommittedAt).TotalMilliseconds)
            .Skip(WarmUp).Order().ToArray();
        var median = times[times.Length / 2];
        return $"| {hospitals} | {median:0.0} | {times[times.Length * 9 / 10]:0.0} | {callsEach:0.0} | {storedEach:0.0} | {bareCalls:0.0} | {commit:0.00} | {reference:0.0} | {median / reference:0.0} |";
    }
}
