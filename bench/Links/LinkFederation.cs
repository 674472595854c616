using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using FederatedOrleans.Bench.Large;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Client;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Bench.Links;

/// <summary>A real Silo, enrolled hospitals, and their ends of the link in this process.</summary>
internal sealed class LinkFederation : IAsyncDisposable
{
    private const string StateWrites = "orleans_storage_write_latency";
    private const int ShortModel = 100_000;
    private const string BlobWrites = "fo_blobs_stored";
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly DirectoryInfo _folder = BenchFolders.Create();
    private readonly LocalFederation _local;
    private readonly List<LinkClient> _clients = [];
    private FederationClient? _client;
    private int _runs;

    private LinkFederation(string programs) => _local = BenchFederation.Create(programs, _folder.FullName);

    /// <summary>Calls and bodies of all hospitals so far.</summary>
    public long Calls => _clients.Sum(client => client.Calls);

    /// <summary>Seconds from the first hospital's first byte to the last one's receipt, of each round in which all have uploaded.</summary>
    public IEnumerable<(int Round, double Seconds)> UploadSeconds => _clients[0].Uploads.Keys.Order()
        .Where(round => _clients.All(client => client.Uploads.ContainsKey(round)))
        .Select(round => (round, Stopwatch.GetElapsedTime(
            _clients.Min(client => client.Uploads[round].Began), _clients.Max(client => client.Uploads[round].Ended)).TotalSeconds));

    /// <summary>Largest memory of the Silo so far, in bytes.</summary>
    public long PeakMemory => Memory.PeakOf(_local.Processes["silo"].Id);

    /// <summary>What the Silo has computed so far, on all processors.</summary>
    public TimeSpan Computed => Process.GetProcessById(_local.Processes["silo"].Id).TotalProcessorTime;

    /// <summary>The Silo's kit.</summary>
    public string SiloKit => _local.In("silo", "kit");

    /// <summary>The hospitals' kits.</summary>
    public IEnumerable<string> Kits => _clients.Select((_, index) => _local.In(Name(index), "kit"));

    /// <summary>A folder on the same disk as the Silo's.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Starts the Silo and the hospitals, and waits until all attend.</summary>
    /// <param name="programs">Folder artifacts/bin of a Release build.</param>
    /// <param name="hospitals">How many, at most 64.</param>
    /// <param name="parameters">Of the model.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="pause">
    /// Given, they upload when all have the model and this was done, once a round; else each when it has the model.
    /// </param>
    /// <param name="isOnDisk">Whether hospitals keep models and updates on the disk, as nodes do.</param>
    public static async Task<LinkFederation> StartAsync(
        string programs, int hospitals, int parameters, CancellationToken cancellationToken, Func<int, Task>? pause = null, bool isOnDisk = false)
    {
        var federation = new LinkFederation(programs);
        var barrier = pause is null ? null : new RoundBarrier(hospitals, pause);
        try
        {
            await federation._local.StartCentreAsync(cancellationToken);

            // Bytes that are floats below 1: any others could be refused as not finite.
            var update = new byte[parameters * sizeof(float)];
            RandomNumberGenerator.Fill(update);
            for (var high = 3; high < update.Length; high += sizeof(float))
            {
                update[high] = (byte)(0x30 | (update[high] & 0x8f));
            }

            var digest = ContentDigest.Of(update);
            for (var index = 0; index < hospitals; index++)
            {
                await federation._local.EnrolAsync(Name(index), cancellationToken);
                federation._clients.Add(new LinkClient(federation._local.In(Name(index), "kit"), update, digest, barrier, isOnDisk ? federation._local.In(Name(index), "site") : null));
            }

            await Task.WhenAll(federation._clients.Select(client => client.Attends)).WaitAsync(BenchFederation.Patience, cancellationToken);
            return federation;
        }
        catch
        {
            await federation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs rounds in which every hospital must report, and gives their manifests.</summary>
    /// <remarks>
    /// A short model begins anew in each run: the same updates would else make the models of the run before, which are stored already and which
    /// streams remember to have sent.
    /// </remarks>
    public async Task<RoundManifest[]> RunAsync(int parameters, int rounds, CancellationToken cancellationToken)
    {
        // One client for all runs: programs compile what connects, on the processors whose rounds are timed.
        var client = _client ??= await _local.ConnectAsync(cancellationToken);
        var submitted = await client.SubmitAsync(RehearsalFederation.Plan(_clients.Count, parameters, rounds, parameters > ShortModel ? null : ++_runs), cancellationToken);
        var run = submitted.Run ?? throw new InvalidOperationException(string.Join("; ", submitted.Faults));
        while (true)
        {
            // Nobody watches its events: that has a cost of its own. Nor does anybody look at the runs before it, which would keep them active.
            var summary = (await client.RunAsync(run, cancellationToken))!.Summary;
            if (summary.Status == RunStatus.Completed)
            {
                break;
            }

            if (summary.Status == RunStatus.Paused)
            {
                throw new InvalidOperationException($"The run paused: {summary.Reason}");
            }

            await Task.Delay(LookEvery, cancellationToken);
        }

        return [.. (await client.VersionsAsync(run, cancellationToken)).Select(version => version.Manifest)];
    }

    /// <summary>Commits that the Silo has made so far, of states and of short models and manifests, by its metrics.</summary>
    public async Task<long> StoredAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = _local.Web };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await File.ReadAllTextAsync(_local.In("operator", "operator.token"), cancellationToken)).Trim());
        using var answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadAsStringAsync(cancellationToken)).Split('\n')
            .Where(line => line.StartsWith(BlobWrites, StringComparison.Ordinal)
                || (line.StartsWith(StateWrites, StringComparison.Ordinal) && line.Contains("_count", StringComparison.Ordinal)))
            .Sum(line => (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await _local.DisposeAsync();
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"hospital-{index:00}");
}
