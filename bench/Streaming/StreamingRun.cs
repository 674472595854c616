using System.Text;
using System.Text.Json.Nodes;

namespace FederatedOrleans.Bench.Streaming;

/// <summary>Two rounds of one real node.</summary>
internal static class StreamingRun
{
    private const string Hospital = "hospital";

    /// <summary>The node's start until it attends, which reads the rows; times of the two rounds; and the most memory that the node's process had.</summary>
    public static async Task<(TimeSpan Start, TimeSpan First, TimeSpan Second, long NodeMemory)> MeasureAsync(
        IStoredRows rows, string programs, CancellationToken cancellationToken)
    {
        var folder = BenchFolders.Create().FullName;
        await using var federation = BenchFederation.Create(programs, folder);
        await federation.StartCentreAsync(cancellationToken);
        await federation.EnrolAsync(Hospital, cancellationToken);
        var description = Path.Combine(folder, "rows.json");
        await File.WriteAllTextAsync(description, Description(rows, folder), cancellationToken);
        federation.Furnish(Hospital, description, description);
        await federation.ApproveAsync(Hospital, cancellationToken, "--name", "streaming", "--dataset", "rows");
        var began = TimeProvider.System.GetTimestamp();
        var node = federation.StartHospital(Hospital);
        await federation.WaitForHospitalsAsync(cancellationToken);
        var start = TimeProvider.System.GetElapsedTime(began);
        await using var client = await federation.ConnectAsync(cancellationToken);
        var submitted = await client.SubmitAsync(Encoding.UTF8.GetBytes(Plan(rows)), cancellationToken);
        var run = submitted.Run ?? throw new FederationException(string.Join('\n', submitted.Faults));
        await foreach (var occurred in client.WatchAsync(run, cancellationToken))
        {
            if (occurred.Status == Runs.RunStatus.Paused)
            {
                throw new FederationException($"{run} pauses: {occurred}; {await File.ReadAllTextAsync(federation.LogOf(Hospital), cancellationToken)}");
            }
        }

        TimeSpan[] times = [.. (await client.VersionsAsync(run, cancellationToken)).Select(version => version.Manifest.CommittedAt - version.Manifest.BeganAt)];
        return (start, times[0], times[1], Memory.PeakOf(node.Id));
    }

    private static JsonArray Features(IStoredRows rows) =>
        [.. Enumerable.Range(0, rows.Columns).Select(column => new JsonObject { ["name"] = $"x{column}" })];

    private static string Description(IStoredRows rows, string folder)
    {
        var description = rows.Describe(folder);
        description["name"] = "rows";
        description["features"] = Features(rows);
        description["label"] = new JsonObject { ["name"] = "y" };
        description["split"] = new JsonObject { ["testFraction"] = 0.01 };
        return description.ToJsonString();
    }

    private static string Plan(IStoredRows rows) => new JsonObject
    {
        ["version"] = 1,
        ["name"] = "streaming",
        ["dataset"] = new JsonObject { ["name"] = "rows", ["schema"] = new JsonObject { ["features"] = Features(rows), ["label"] = "y" } },
        ["model"] = new JsonObject { ["kind"] = "logistic-regression" },
        ["training"] = new JsonObject { ["learningRate"] = 0.01, ["batchSize"] = 256, ["epochs"] = 1 },
        ["rounds"] = 2,
        ["evaluation"] = new JsonObject { ["everyRounds"] = 100_000 },
        ["round"] = new JsonObject
        {
            ["goalCount"] = 1, ["minimumReports"] = 1, ["selectionWindow"] = "00:30:00", ["reportingDeadline"] = "01:00:00",
        },
    }.ToJsonString();
}
