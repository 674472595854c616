using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FederatedOrleans.Bench.Rounds;

/// <summary>Times of the rounds of a federation of real processes: the demo with the bench's plan and rows.</summary>
internal static class ProcessTimes
{
    private static readonly string[] Hospitals = ["cleveland", "hungarian", "switzerland", "va"];

    /// <summary>Runs the demo and reads each round's time, from one commit to the next, from the result for scripts.</summary>
    public static async Task<RoundTimes> MeasureAsync(BenchPlan plan, string programs, int warmUp, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("fed-bench-").FullName;
        try
        {
            foreach (var (index, hospital) in Hospitals.Index())
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"processed.{hospital}.data"), plan.ToFile(index), cancellationToken);
            }

            var (planFile, dataset, result) =
                (Path.Combine(folder, "plan.json"), Path.Combine(folder, "dataset.json"), Path.Combine(folder, "result.json"));
            await File.WriteAllBytesAsync(planFile, plan.ToJson(), cancellationToken);
            await File.WriteAllTextAsync(dataset, plan.ToDescription(), cancellationToken);
            string Program(string project, string name) => Path.GetFullPath(Path.Combine(programs, project, "release", name));
            string[] arguments =
            [
                "demo", "--silo", Program("FederatedOrleans.Silo", "fed-silo"), "--node", Program("FederatedOrleans.HospitalNode", "fed-node"),
                "--plan", planFile, "--dataset", dataset, "--data", folder, "--json", result,
            ];
            var start = new ProcessStartInfo(Program("FederatedOrleans.Cli", "fed"), arguments) { UseShellExecute = false, RedirectStandardOutput = true };
            using var demo = Process.Start(start)!;
            var output = await demo.StandardOutput.ReadToEndAsync(cancellationToken);
            await demo.WaitForExitAsync(cancellationToken);
            if (demo.ExitCode != 0)
            {
                throw new InvalidOperationException($"The demo failed:\n{output}");
            }

            var commits = JsonNode.Parse(await File.ReadAllTextAsync(result, cancellationToken))!["perRound"]!.AsArray()
                .Select(round => round!["committedAt"]!.GetValue<DateTimeOffset>()).ToArray();
            return new RoundTimes([.. RoundTimes.Between(commits).Skip(warmUp)], []);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
