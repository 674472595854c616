using System.CommandLine;

namespace FederatedOrleans.Bench.Links;

/// <summary><c>bench overhead</c>: what a round costs beside training, against the calls and commits that it is made of.</summary>
internal static class OverheadCommand
{
    // On two processors the last of what these programs run often is compiled in round 1,200 or so; and what a part does besides, from its
    // submission to its manifests, is compiled when it has been done 30 times.
    private const int WarmUpParts = 40;
    private const int RoundsInPart = 50;

    public static Command Create()
    {
        var hospitals = new Option<int[]>("--hospitals")
        {
            Description = "Numbers of hospitals, at most 64 each", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [4, 10, 50],
        };
        var parameters = new Option<int>("--parameters") { Description = "Parameters of the model", DefaultValueFactory = _ => 1_000 };
        var rounds = new Option<int>("--rounds") { Description = $"Rounds after the warm-up, in parts of {RoundsInPart}", DefaultValueFactory = _ => 500 };
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
        yield return $"answer and upload at once. {WarmUpParts * RoundsInPart:N0} rounds of warm-up are left out, in which the programs compile what they run often. A round is from one commit to the next.";
        yield return "The reference, on the same machine: as many unary calls as a round has calls and bodies, all hospitals at once, over the same contract and";
        yield return "certificates against a server that does nothing, warm too; then as many commits of 4 KB in SQLite (WAL, synchronous FULL) as the Silo made, of states,";
        yield return $"models and manifests. It is measured anew around every {RoundsInPart} rounds, for a machine's speed drifts: the median of all rounds and parts, and of the parts' ratios.";
        yield return "A bare round has as many calls and commits in a round's order: a commit, a call of all hospitals, a commit, a call, the other commits. A disk that was left";
        yield return "alone for a millisecond takes up to twice as long over the next flush as one that is kept busy, as by commits that are one right after the other.";
        yield return "";
        yield return "| hospitals | median ms a round | p90 ms | ms computed by the Silo | calls a hospital | commits | ms of the calls | ms a commit | reference ms | times the reference | bare round ms | times the bare round |";
        yield return "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";
        foreach (var line in measured)
        {
            yield return line;
        }
    }

    private static async Task<string> MeasureAsync(string programs, int hospitals, int parameters, int rounds, CancellationToken cancellationToken)
    {
        await using var federation = await LinkFederation.StartAsync(programs, hospitals, parameters, cancellationToken);
        await using var bare = await BareCalls.StartAsync(federation, cancellationToken);
        var parts = new List<OverheadPart>();
        for (var part = -WarmUpParts; part * RoundsInPart < rounds; part++)
        {
            parts.Add(await OverheadPart.MeasureAsync(federation, bare, hospitals, parameters, RoundsInPart, cancellationToken));
        }

        parts.RemoveRange(0, WarmUpParts);
        var times = parts.SelectMany(part => part.Times).ToArray();
        double Of(Func<OverheadPart, double> value) => Quantiles.AtPart([.. parts.Select(value)], .5);
        return $"| {hospitals} | {Quantiles.AtPart(times, .5):0.0} | {Quantiles.AtPart(times, .9):0.0} | {Of(part => part.Computed):0.0} | {parts.Average(part => part.CallsEach):0.0} "
            + $"| {parts.Average(part => part.Commits):0.0} | {Of(part => part.CallTime):0.0} | {Of(part => part.CommitTime):0.00} | {Of(part => part.Reference):0.0} | {Of(part => part.Ratio):0.0} "
            + $"| {Of(part => part.BareRound):0.0} | {Of(part => part.RoundRatio):0.0} |";
    }
}
