using System.CommandLine;
using System.Diagnostics;
using FederatedOrleans.Bench.Large;
using FederatedOrleans.Client;
using FederatedOrleans.Faults;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Bench.Line;

/// <summary><c>bench line</c>: one round of a large model over a slow line that is cut once in each direction.</summary>
internal static class LineCommand
{
    private const double Mega = 1e6;
    private const double CutAt = 0.4;
    private static readonly TimeSpan CutFor = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var parameters = new Option<int>("--parameters") { Description = "Parameters of the model", DefaultValueFactory = _ => 100_000_000 };
        var rate = new Option<double>("--mbit") { Description = "Mbit/s of the line, in each direction of each connection", DefaultValueFactory = _ => 50 };
        var programs = new Option<string>("--programs") { Description = "Folder artifacts/bin of a Release build", Required = true };
        var command = new Command("line", "Bytes and memory of a large model over a slow line that is cut") { parameters, rate, programs };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var line = await MeasureAsync(
                parsed.GetValue(programs)!, parsed.GetValue(parameters), (int)(parsed.GetValue(rate) * 1e6 / 8), cancellationToken);
            await ResultFile.WriteAsync(
                "line", "A large model over a slow line that is cut", Lines(parsed.GetValue(parameters), parsed.GetValue(rate), line), cancellationToken);
            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(int parameters, double mbit, string measured)
    {
        yield return $"1 Silo and 1 hospital node, real processes over mutual TLS 1.3; between them a relay that carries {mbit:0} Mbit/s and was cut for {CutFor.TotalSeconds:0} s";
        yield return $"in the middle of the download of the model ({parameters * 4 / Mega:N0} MB), and for as long in the middle of the upload of the update. One round of a rehearsal.";
        yield return "Bytes are those that the relay took, TLS, control calls and heartbeats included.";
        yield return "";
        yield return "| down MB | more than the model | up MB | more than the update | whole round s | node peak RSS MB | Silo peak RSS MB |";
        yield return "| --- | --- | --- | --- | --- | --- | --- |";
        yield return measured;
    }

    private static async Task<string> MeasureAsync(string programs, int parameters, int bytesPerSecond, CancellationToken cancellationToken)
    {
        await using var relay = new Relay();
        await using var federation = await RehearsalFederation.StartAsync(programs, 1, cancellationToken, relay.LeadTo);
        await using var client = await federation.ConnectAsync(cancellationToken);
        var good = new RelayTrouble { BytesPerSecond = bytesPerSecond };
        var (down, up) = (relay.ToNear, relay.ToFar);
        var bytes = parameters * 4L;
        relay.Trouble = good;
        var submitted = await client.SubmitAsync(RehearsalFederation.Plan(1, parameters, rounds: 1), cancellationToken);
        var run = submitted.Run ?? throw new InvalidOperationException(string.Join("; ", submitted.Faults));
        var began = Stopwatch.GetTimestamp();
        var cuts = CutAsync(relay, good, bytes, down, up, cancellationToken);
        await foreach (var occurred in client.WatchAsync(run, cancellationToken))
        {
            if (occurred.Status == RunStatus.Paused)
            {
                throw new InvalidOperationException($"The run paused: {occurred.Text}");
            }
        }

        var took = Stopwatch.GetElapsedTime(began);
        await cuts;
        var (silo, node) = federation.PeakMemory();
        var (carriedDown, carriedUp) = (relay.ToNear - down, relay.ToFar - up);
        return $"| {carriedDown / Mega:0.0} | {More(carriedDown, bytes):P2} | {carriedUp / Mega:0.0} | {More(carriedUp, bytes):P2} | {took.TotalSeconds:0.0} | {node / Mega:0} | {silo / Mega:0} |";
    }

    /// <summary>Cuts the line once in the middle of each direction's body.</summary>
    private static async Task CutAsync(Relay relay, RelayTrouble good, long bytes, long down, long up, CancellationToken cancellationToken)
    {
        foreach (var carried in new[] { () => relay.ToNear - down, () => relay.ToFar - up })
        {
            while (carried() < bytes * CutAt)
            {
                await Task.Delay(Look, cancellationToken);
            }

            relay.Trouble = good with { IsDown = true };
            relay.CutAll();
            await Task.Delay(CutFor, cancellationToken);
            relay.Trouble = good;
        }
    }

    private static double More(long carried, long bytes) => (double)(carried - bytes) / bytes;
}
