using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.CommandLine;
using FederatedOrleans.Bench.Links;
using FederatedOrleans.Client;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Bench.Large;

/// <summary><c>bench large</c>: rounds of a federation of real processes, with models of any size.</summary>
internal static class LargeCommand
{
    private const double Mega = 1e6;
    private const int ReferenceTimes = 4;

    // The programs compile what they run often, and the machine gets its memory, in the first rounds: in the third to the fifth, two fifths
    // of all computing were compiling.
    private const int LeftOut = 12;

    public static Command Create()
    {
        var hospitals = new Option<int[]>("--hospitals") { Description = "Numbers of hospitals, at most 64 each", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [10] };
        var parameters = new Option<int>("--parameters") { Description = "Parameters of the model", DefaultValueFactory = _ => 25_000_000 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, the first twelve of which are left out", DefaultValueFactory = _ => 24 };
        rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() <= LeftOut)
            {
                result.AddError($"--rounds must be more than the {LeftOut} that are left out.");
            }
        });
        var name = new Option<string>("--name") { Description = "Name of the result file", DefaultValueFactory = _ => "large" };
        var programs = new Option<string>("--programs") { Description = "Folder artifacts/bin of a Release build", Required = true };
        var uploads = new Option<bool>("--uploads") { Description = "Measure the uploads alone, and write no result file" };
        var ends = new Option<bool>("--ends") { Description = "Measure whole rounds of ends of the link alone, and write no result file" };
        var command = new Command("large", "Times and memory of rounds with real processes over TLS") { hospitals, parameters, rounds, name, uploads, ends, programs };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(uploads))
            {
                foreach (var count in parsed.GetValue(hospitals)!)
                {
                    var (seconds, raw, ratio, silo) = await UploadAsync(
                        parsed.GetValue(programs)!, count, parsed.GetValue(parameters), parsed.GetValue(rounds), cancellationToken);
                    var rate = count * parsed.GetValue(parameters) * 4.0 / seconds;
                    Console.WriteLine($"{count} hospitals: {seconds:0.000} s, {rate / Mega:0} MB/s, raw TLS {raw / Mega:0} MB/s, {ratio:0.000} of it; Silo {silo.Memory / Mega:0} MB at most, {silo.Computed:0.00} core-s a round");
                }

                return 0;
            }

            if (parsed.GetValue(ends))
            {
                foreach (var count in parsed.GetValue(hospitals)!)
                {
                    var (round, memory, computed) = await RoundAsync(
                        parsed.GetValue(programs)!, count, parsed.GetValue(parameters), parsed.GetValue(rounds), cancellationToken);
                    Console.WriteLine($"{count} hospitals: {round:0.000} s a round; Silo {memory / Mega:0} MB at most, {computed:0.00} core-s a round");
                }

                return 0;
            }

            var measured = new List<string>();
            foreach (var count in parsed.GetValue(hospitals)!)
            {
                Console.WriteLine($"{count} hospitals ...");
                measured.Add(await MeasureAsync(
                    parsed.GetValue(programs)!, count, parsed.GetValue(parameters), parsed.GetValue(rounds), cancellationToken));
                Console.WriteLine(measured[^1]);
            }

            await ResultFile.WriteAsync(parsed.GetValue(name)!, "Rounds of real processes", Lines(parsed.GetValue(parameters), measured), cancellationToken);
            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(int parameters, IEnumerable<string> measured)
    {
        yield return $"1 Silo process and as many hospitals as said, on the same machine, over mutual TLS 1.3; {parameters:N0} parameters ({parameters * 4 / Mega:N1} MB);";
        yield return "SQLite, blobs and outboxes flushed as ever. Medians over the rounds but the first twelve, in which programs compile.";
        yield return "\"round\" is of hospitals that are ends of the link in one other process, with the nodes' own cache and outbox: each downloads the model to disk and";
        yield return "memory and checks its digest, puts an update that is there already into its outbox, with its digest and flushed, and uploads it from there; until all is";
        yield return "aggregated, stored and committed.";
        yield return "\"upload\" is of another run, in which they have the update in memory and begin together: from the first byte of the first to the last receipt, which is";
        yield return "after the check of every value and of the digest, and after the count is stored.";
        yield return "Raw TLS: SslStream over loopback TCP, both ends in one process, as many streams and bytes as there are uploads, measured in every round just before them; the median, and that of the rounds' ratios.";
        yield return "\"round of nodes\" is of as many node processes, which rehearse: each has its runtime, grains and state, and makes up its update.";
        yield return "\"parts\" is what a round can't do without, measured alone: the bytes of all models and updates at the rate of raw TLS, a new file written of each, the update's";
        yield return "flushed, and three digests, all hospitals at once on the same processors. What has no part in it: the values made and summed, what is staged, the aggregate.";
        yield return "Silo peak RSS is the largest of all three runs.";
        yield return "";
        yield return "| hospitals | round s | upload s | upload MB/s in all | raw TLS MB/s | of raw TLS | Silo peak RSS MB | round of nodes s | largest node MB | parts s |";
        yield return "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";
        foreach (var line in measured)
        {
            yield return line;
        }
    }

    private static async Task<string> MeasureAsync(string programs, int hospitals, int parameters, int rounds, CancellationToken cancellationToken)
    {
        var (upload, raw, ratio, uploading) = await UploadAsync(programs, hospitals, parameters, rounds, cancellationToken);
        var bytes = parameters * 4L;
        var parts = (2 * hospitals * bytes / raw) + await PartsAsync(hospitals, bytes, cancellationToken);
        var ends = await RoundAsync(programs, hospitals, parameters, rounds, cancellationToken);
        await using var federation = await RehearsalFederation.StartAsync(programs, hospitals, cancellationToken);
        await using var client = await federation.ConnectAsync(cancellationToken);
        var submitted = await client.SubmitAsync(RehearsalFederation.Plan(hospitals, parameters, rounds), cancellationToken);
        var run = submitted.Run ?? throw new InvalidOperationException(string.Join("; ", submitted.Faults));
        await foreach (var occurred in client.WatchAsync(run, cancellationToken))
        {
            if (occurred.Status == RunStatus.Paused)
            {
                throw new InvalidOperationException($"The run paused: {occurred.Text}");
            }
        }

        var versions = await client.VersionsAsync(run, cancellationToken);
        var moved = hospitals * parameters * 4.0 / Mega / upload;
        var (silo, node) = federation.PeakMemory();
        silo = Math.Max(silo, Math.Max(ends.Memory, uploading.Memory));
        return $"| {hospitals} | {ends.Round:0.000} | {upload:0.000} | {moved:0.0} | {raw / Mega:0} | {ratio:0.00} | {silo / Mega:0} | {RoundSeconds(versions.Select(version => version.Manifest)):0.000} | {node / Mega:0} | {parts:0.000} |";
    }

    /// <summary>Seconds of whole rounds of ends of the link that keep models and updates on the disk, and the Silo's peak memory and core-seconds a round.</summary>
    private static async Task<(double Round, long Memory, double Computed)> RoundAsync(
        string programs, int hospitals, int parameters, int rounds, CancellationToken cancellationToken)
    {
        await using var federation = await LinkFederation.StartAsync(programs, hospitals, parameters, cancellationToken, isOnDisk: true);
        var before = federation.Computed;
        var manifests = await federation.RunAsync(parameters, rounds, cancellationToken);
        return (RoundSeconds(manifests), federation.PeakMemory, (federation.Computed - before).TotalSeconds / rounds);
    }

    private static async Task<double> PartsAsync(int hospitals, long bytes, CancellationToken cancellationToken)
    {
        var folder = BenchFolders.Create().FullName;
        var measured = ImmutableArray.CreateBuilder<double>(ReferenceTimes);
        for (var time = 0; time < ReferenceTimes; time++)
        {
            measured.Add(await RawParts.MeasureAsync(hospitals, bytes, folder, cancellationToken));
        }

        return Median(measured.ToImmutable());
    }

    /// <summary>Seconds of the uploads, bytes a second of raw TLS, the part of it that uploads reach, and the Silo's peak memory and core-seconds a round.</summary>
    private static async Task<(double Seconds, double Raw, double Ratio, (long Memory, double Computed) Silo)> UploadAsync(
        string programs, int hospitals, int parameters, int rounds, CancellationToken cancellationToken)
    {
        // A machine's speed drifts: each round's uploads are held against raw TLS just before them.
        var raw = new ConcurrentDictionary<int, double>();
        await using var federation = await LinkFederation.StartAsync(
            programs,
            hospitals,
            parameters,
            cancellationToken,
            async round => raw[round] = await RawTls.MeasureAsync(hospitals, parameters * 4L, cancellationToken));
        var before = federation.Computed;
        await federation.RunAsync(parameters, rounds, cancellationToken);
        var measured = federation.UploadSeconds.Where(upload => upload.Round > LeftOut).ToImmutableArray();
        return (
            Median([.. measured.Select(upload => upload.Seconds)]),
            Median([.. measured.Select(upload => raw[upload.Round])]),
            Median([.. measured.Select(upload => hospitals * parameters * 4.0 / upload.Seconds / raw[upload.Round])]),
            (federation.PeakMemory, (federation.Computed - before).TotalSeconds / rounds));
    }

    private static double RoundSeconds(IEnumerable<RoundManifest> manifests) =>
        Median([.. manifests.Skip(LeftOut).Select(manifest => (manifest.CommittedAt - manifest.BeganAt).TotalSeconds)]);

    private static double Median(ImmutableArray<double> values) => values.IsEmpty ? double.NaN : Quantiles.AtPart(values, .5);
}
