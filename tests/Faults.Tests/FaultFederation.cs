using System.Globalization;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Client;
using FederatedOrleans.Federations;
using FederatedOrleans.Identity;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Faults;

/// <summary>
/// One Silo and four hospitals as real processes that die where they are told to, a supervisor that starts them again, and a relay between
/// them; or three Silos on one database that dies as well, which hospitals call without a relay.
/// </summary>
internal sealed class FaultFederation : IAsyncDisposable
{
    public const string Silo = "silo";

    /// <summary>The server of the Silos' database, as one of those who die.</summary>
    public const string Database = "database";

    /// <summary>How long a run may take, on a machine under load too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private const string Clock = "clock";
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly Dictionary<(string Run, int Round), ContentDigest> _seen = [];
    private readonly SharedDatabase? _database;
    private readonly string _orders;

    private FaultFederation(TestFederation federation, Relay relay, SharedDatabase? database, string orders)
    {
        (Federation, Relay, _database, _orders) = (federation, relay, database, orders);
        Supervisor = new(federation.Local, database?.Server);
    }

    public TestFederation Federation { get; }

    public Relay Relay { get; }

    public Supervisor Supervisor { get; }

    public static string[] Hospitals => TestPlan.Hospitals;

    public IReadOnlyList<string> Silos => Federation.Local.Silos;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>One Silo.</summary>
    /// <param name="change">What is to be other than usual.</param>
    public static Task<FaultFederation> StartAsync(Func<LocalFederationOptions, LocalFederationOptions>? change = null) =>
        StartAsync(1, null, change ?? (usual => usual));

    /// <summary>Three Silos on a database of their own.</summary>
    public static async Task<FaultFederation> StartClusterAsync()
    {
        var database = await SharedDatabase.StartAsync(Token);
        try
        {
            return await StartAsync(3, database, usual => usual);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static async Task<FaultFederation> StartAsync(
        int silos, SharedDatabase? database, Func<LocalFederationOptions, LocalFederationOptions> change)
    {
        var relay = new Relay();
        try
        {
            var orders = "";
            var federation = await TestFederation.StartAsync(
                silos,
                database?.Storage,
                options =>
                {
                    orders = Path.Combine(options.Root, "crash-order");
                    var settings = options.SiloSettings.DeepClone().AsObject();
                    settings["attemptDelay"] = "00:00:00.5000000";
                    return change(options with
                    {
                        Host = TestFiles.Program("Faults.Host", "FederatedOrleans.Faults.Host"),
                        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                        {
                            ["FEDERATED_CRASH_AT"] = orders,
                            ["FEDERATED_CLOCK"] = Clock,

                            // Programs that live for seconds: what is measured to make them faster later only makes them slower.
                            ["DOTNET_TieredPGO"] = "0",
                        },
                        Called = database is null ? (_, port) => new($"https://127.0.0.1:{relay.LeadTo(port)}") : options.Called,
                        SiloSettings = settings,
                    });
                },
                Hospitals);
            foreach (var hospital in Hospitals)
            {
                await federation.Local.ApproveAsync(
                    hospital, Token, "--name", FaultPlan.Rehearsal, "--dataset", "heart-disease", "--trainer", "rehearsal");
            }

            if (database is not null)
            {
                File.CreateSymbolicLink(
                    Path.Combine(Directory.CreateDirectory(federation.Local.In(Database)).FullName, "pid"), database.Server.ProcessFile);
            }

            return new(federation, relay, database, orders);
        }
        catch
        {
            await relay.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells somebody to kill at a step; carried out once.</summary>
    public void Order(CrashOrder order)
    {
        File.Delete(_orders + ".done");
        order.Write(_orders);
    }

    /// <summary>Whether the last order was carried out.</summary>
    public bool IsDone => File.Exists(_orders + ".done");

    /// <summary>Takes an order back that may not have been carried out.</summary>
    public void Revoke() => File.Delete(_orders);

    /// <summary>Sets the clock of a process, which is off by so much from now on.</summary>
    public void SetClock(string name, TimeSpan by)
    {
        var file = Federation.Local.In(name, Clock);
        File.WriteAllText(file + ".part", by.ToString("c", CultureInfo.InvariantCulture));
        File.Move(file + ".part", file, overwrite: true);
    }

    /// <summary>Waits until a round of a run is in training.</summary>
    public Task TrainingAsync(string run, int round) => WaitAsync(
        $"training in round {round}",
        async () => await AskAsync(client => client.RunAsync(run, Token)) is { CurrentRound: { Phase: RoundPhase.Training } current }
            && current.Round >= round,
        Patience,
        run);

    /// <summary>Submits a plan: the run's id. A centre that is away is asked again.</summary>
    public async Task<string> SubmitAsync(byte[] plan)
    {
        // Its grain may still be on the way back from the test before.
        await WaitAsync("the centre to answer", async () => await AskAsync(client => client.FederationAsync(Token)) is not null, Patience);
        return await Federation.SubmitAsync(plan);
    }

    /// <summary>Waits until every Silo is up, so that what dies next dies in a whole cluster.</summary>
    public Task WholeAsync() => WaitAsync(
        "all Silos to be ready",
        async () =>
        {
            var ready = await Task.WhenAll(Silos.Select(silo => Federation.Local.IsReadyAsync(silo, Token)));
            return ready.All(isReady => isReady);
        },
        Patience);

    /// <summary>Asks the centre; null while it is away.</summary>
    public async Task<T?> AskAsync<T>(Func<FederationClient, Task<T>> question)
        where T : class?
    {
        try
        {
            // A call that was under way when the Silo died is answered by nobody.
            return await question(Federation.Client).WaitAsync(LongestCall, Token);
        }
        catch (Exception away) when (away is FederationException or CentreUnreachableException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>All versions of a run, asked until the centre answers.</summary>
    public async Task<IReadOnlyList<ModelVersionView>> VersionsAsync(string run)
    {
        IReadOnlyList<ModelVersionView>? versions = null;
        await WaitAsync(
            $"the versions of {run}",
            async () => (versions = await AskAsync<IReadOnlyList<ModelVersionView>>(async client => await client.VersionsAsync(run, Token))) is not null,
            Patience);
        return versions!;
    }

    /// <summary>Waits until a run has committed all its rounds, and looks meanwhile that nothing that was committed is lost or changes.</summary>
    /// <exception cref="TimeoutException">It did not end; the message tells why it waits.</exception>
    public async Task CompleteAsync(string run)
    {
        await WaitAsync($"{run} to be completed", async () =>
        {
            var view = await AskAsync(client => client.RunAsync(run, Token));
            if (view is null)
            {
                return false;
            }

            Remember(run, await VersionsAsync(run));
            Assert.False(view.Summary.Status is RunStatus.Paused or RunStatus.Stopped, $"{run} is {view.Summary.Status}: {view.Summary.Reason}");
            return view.Summary.Status == RunStatus.Completed;
        }, Patience, run);
    }

    /// <summary>Waits for something, however many processes are dead meanwhile.</summary>
    public async Task WaitAsync(string what, Func<Task<bool>> condition, TimeSpan patience, string? run = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > patience)
            {
                var why = run is null ? null : await AskAsync(client => client.WhyAsync(run, Token));
                throw new TimeoutException($"Waited {patience.TotalSeconds:0} s for {what}. It says: {why?.Why ?? "nothing"}");
            }

            await Task.Delay(Look, Token);
        }
    }

    /// <summary>All that the processes have told of a run, each process in its order.</summary>
    public IEnumerable<ReachedStep> Journal(string run) =>
        from process in Hospitals.Concat(Silos)
        from step in ReachedStep.Of(process, Federation.Local.In(process))
        where step.Step == "kill" || step.Subject.StartsWith(run + "/", StringComparison.Ordinal)
        select step;

    /// <summary>The version of a round as it was first seen.</summary>
    public ContentDigest SeenOf(string run, int round) => _seen[(run, round)];

    /// <summary>A model or a plan as it is stored at the centre: a file's content, or what the database has.</summary>
    public Task<byte[]> BlobAsync(ContentDigest digest) => _database is null
        ? EmbeddedBlobs.ReadAsync(Federation.Local.In(Silo, "data"), digest, Token)
        : _database.BlobAsync(digest, Token);

    /// <summary>The copy of an update that its hospital finished.</summary>
    public string CopyOf(string hospital, ContentDigest digest) => Federation.Local.In("updates", $"{hospital}.{digest.Hex}");

    /// <summary>Updates of a run that hospitals still hold.</summary>
    public IEnumerable<string> Outboxes(string run) => Hospitals.SelectMany(hospital =>
        Directory.EnumerateFiles(Federation.Local.In(hospital, "site", "outbox"), $"{run}.*"));

    public async ValueTask DisposeAsync()
    {
        Revoke();
        await Supervisor.DisposeAsync();
        await Federation.DisposeAsync();
        await Relay.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private void Remember(string run, IReadOnlyList<ModelVersionView> versions)
    {
        foreach (var manifest in versions.Select(version => version.Manifest))
        {
            if (!_seen.TryAdd((run, manifest.Round), manifest.ModelAfter))
            {
                Assert.Equal(_seen[(run, manifest.Round)], manifest.ModelAfter);
            }
        }

        Assert.Equal(_seen.Keys.Count(seen => seen.Run == run), versions.Count);
    }
}
