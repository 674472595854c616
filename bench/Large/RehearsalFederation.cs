using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Client;

namespace FederatedOrleans.Bench.Large;

/// <summary>A federation of real processes over mutual TLS whose hospitals rehearse: their updates are made up at once, everything else is as ever.</summary>
internal sealed class RehearsalFederation : IAsyncDisposable
{
    private const string Dataset = "bench";
    private readonly DirectoryInfo _folder = BenchFolders.Create();
    private readonly LocalFederation _local;

    private RehearsalFederation(string programs, Func<int, int>? calledPort) =>
        _local = BenchFederation.Create(programs, _folder.FullName, calledPort);

    /// <summary>Starts a Silo and hospitals, and waits until all attend.</summary>
    /// <param name="programs">Folder artifacts/bin of a Release build.</param>
    /// <param name="hospitals">How many, at most 64.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="calledPort">The port that hospitals call in place of the Silo's; that itself when absent.</param>
    public static async Task<RehearsalFederation> StartAsync(
        string programs, int hospitals, CancellationToken cancellationToken, Func<int, int>? calledPort = null)
    {
        var federation = new RehearsalFederation(programs, calledPort);
        try
        {
            await federation._local.StartCentreAsync(cancellationToken);
            var dataset = Path.Combine(federation._folder.FullName, "dataset.json");
            await File.WriteAllTextAsync(dataset, Description(), cancellationToken);
            for (var index = 0; index < hospitals; index++)
            {
                var hospital = string.Create(CultureInfo.InvariantCulture, $"hospital-{index:00}");
                var rows = Path.Combine(federation._folder.FullName, $"{hospital}.csv");
                await File.WriteAllTextAsync(rows, "x,label\n1,0\n2,1\n3,0\n4,1\n5,0\n6,1\n", cancellationToken);
                await federation._local.EnrolAsync(hospital, cancellationToken);
                federation._local.Furnish(hospital, rows, dataset);
                await federation._local.ApproveAsync(hospital, cancellationToken, "--name", "bench", "--dataset", Dataset, "--trainer", "rehearsal");
                federation._local.StartHospital(hospital);
            }

            await federation._local.WaitForHospitalsAsync(cancellationToken);
            return federation;
        }
        catch
        {
            await federation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects as the operator.</summary>
    public Task<FederationClient> ConnectAsync(CancellationToken cancellationToken) => _local.ConnectAsync(cancellationToken);

    /// <summary>The plan of a rehearsal in which all hospitals must report.</summary>
    public static byte[] Plan(int hospitals, int parameters, int rounds, int? seed = null) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["version"] = 1,
        ["name"] = "bench",
        ["dataset"] = new JsonObject
        {
            ["name"] = Dataset,
            ["schema"] = new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "x" }), ["label"] = "label" },
        },
        ["model"] = new JsonObject
        {
            ["kind"] = "rehearsal", ["parameters"] = parameters, ["initial"] = seed is null ? "zeros" : "uniform",
        },
        ["seed"] = seed ?? 0,
        ["training"] = new JsonObject { ["learningRate"] = 0.01, ["batchSize"] = 1, ["steps"] = 1 },
        ["rounds"] = rounds,
        ["round"] = new JsonObject { ["goalCount"] = hospitals, ["minimumReports"] = hospitals },
    }.ToJsonString());

    /// <summary>Largest memory of the Silo so far, and of the node that had most, in bytes.</summary>
    public (long Silo, long Node) PeakMemory() => (
        Memory.PeakOf(_local.Processes["silo"].Id),
        _local.Processes.Where(process => process.Key != "silo").Max(process => Memory.PeakOf(process.Value.Id)));

    public async ValueTask DisposeAsync()
    {
        await _local.DisposeAsync();
    }

    private static string Description() => new JsonObject
    {
        ["name"] = Dataset,
        ["files"] = new JsonArray("{data}/{hospital}.csv"),
        ["features"] = new JsonArray(new JsonObject { ["name"] = "x" }),
        ["label"] = new JsonObject { ["name"] = "label", ["target"] = "label > 0" },
        ["split"] = new JsonObject { ["testFraction"] = 0.34 },
    }.ToJsonString();
}
