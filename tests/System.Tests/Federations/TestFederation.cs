using System.Text.Json.Nodes;
using FederatedOrleans.Cli;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Cli.Hospitals;
using FederatedOrleans.Client;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Federations;

/// <summary>A federation of real processes in a folder of its own, made with the commands that people use.</summary>
internal sealed class TestFederation : IAsyncDisposable
{
    public const string Id = "system";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-system-");
    private FederationClient? _client;

    private TestFederation(int silos, JsonObject? storage, Func<LocalFederationOptions, LocalFederationOptions>? change)
    {
        var told = TextWriter.Synchronized(new StringWriter());
        Local = new LocalFederation(
            new CliContext { Out = told, Error = told, Invitations = new InvitationFileWriter() },
            (change ?? (options => options))(new()
            {
                Id = Id,
                Root = _folder.FullName,
                Silo = TestFiles.Silo,
                Node = TestFiles.Node,
                Silos = silos,
                SiloSettings = new JsonObject
                {
                    ["tick"] = "00:00:00.2000000",
                    ["heartbeatInterval"] = "00:00:00.5000000",
                    ["storage"] = storage,
                },
                // Two cores for several Silos and four hospitals: their starts wait for each other.
                Patience = silos * Deadline,
            }));
    }

    /// <summary>Processes, folders and commands.</summary>
    public LocalFederation Local { get; }

    /// <summary>The operator's connection.</summary>
    public FederationClient Client => _client ?? throw new InvalidOperationException("The federation is not up.");

    /// <summary>Folder of everything.</summary>
    public string Folder => _folder.FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A centre without hospitals.</summary>
    public static Task<TestFederation> StartCentreAsync() => StartCentreAsync(1, null);

    /// <summary>Several Silos that share a database, without hospitals.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="storage">Where the database is, as it stands in the Silos' configuration.</param>
    /// <param name="change">What is to be other than usual.</param>
    public static async Task<TestFederation> StartCentreAsync(
        int silos, JsonObject? storage, Func<LocalFederationOptions, LocalFederationOptions>? change = null)
    {
        var federation = new TestFederation(silos, storage, change);
        try
        {
            await federation.Local.StartCentreAsync(Token);
            federation._client = await federation.Local.ConnectAsync(Token);
            return federation;
        }
        catch
        {
            await federation.DisposeAsync();
            throw;
        }
    }

    /// <summary>The four hospitals of the heart disease study, started in an order.</summary>
    public static Task<TestFederation> StartAsync(params string[] order) => StartAsync(1, null, order);

    /// <summary>The four hospitals, and several Silos that share a database.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="storage">Where the database is, as it stands in the Silos' configuration.</param>
    /// <param name="order">The hospitals.</param>
    public static async Task<TestFederation> StartAsync(int silos, JsonObject? storage, params string[] order) =>
        await FurnishAsync(await StartCentreAsync(silos, storage), order);

    /// <summary>The four hospitals and Silos that are other than usual.</summary>
    /// <param name="silos">How many Silos.</param>
    /// <param name="storage">Where their database is, as it stands in their configuration; null for a single Silo's own.</param>
    /// <param name="change">What is to be other than usual.</param>
    /// <param name="order">The hospitals.</param>
    public static async Task<TestFederation> StartAsync(
        int silos, JsonObject? storage, Func<LocalFederationOptions, LocalFederationOptions> change, params string[] order) =>
        await FurnishAsync(await StartCentreAsync(silos, storage, change), order);

    private static async Task<TestFederation> FurnishAsync(TestFederation federation, string[] order)
    {
        try
        {
            var (folder, dataset) = TestFiles.Records(Path.Combine(federation.Folder, "records"));
            await Task.WhenAll(order.Select(hospital => federation.AddAsync(
                hospital, Path.Combine(folder, $"processed.{hospital}.data"), dataset, TestPlan.Name)));
            foreach (var hospital in order)
            {
                federation.Local.StartHospital(hospital);
                await federation.WaitAsync(
                    $"{hospital} to attend",
                    async () => (await federation.Client.HospitalsAsync(Token)).Any(view => view.Hospital == hospital && view.Attending));
            }

            return federation;
        }
        catch
        {
            await federation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Enrols a hospital, furnishes it and gives its owner's approval of all plans of a name.</summary>
    public async Task AddAsync(string hospital, string file, string dataset, string plan, string trainer = "logistic-regression")
    {
        await Local.EnrolAsync(hospital, Token);
        Local.Furnish(hospital, file, dataset);
        var name = JsonNode.Parse(await File.ReadAllTextAsync(dataset, Token))!["name"]!.GetValue<string>();
        await Local.ApproveAsync(hospital, Token, "--name", plan, "--dataset", name, "--trainer", trainer);
    }

    /// <summary>Gives the four hospitals' approval of another trainer for the plans of the tests' name.</summary>
    public async Task ApproveAsync(string trainer)
    {
        var (_, dataset) = TestFiles.Records(Path.Combine(Folder, "records"));
        var name = JsonNode.Parse(await File.ReadAllTextAsync(dataset, Token))!["name"]!.GetValue<string>();
        foreach (var hospital in TestPlan.Hospitals)
        {
            await Local.ApproveAsync(hospital, Token, "--name", TestPlan.Name, "--dataset", name, "--trainer", trainer);
        }
    }

    /// <summary>Submits a plan: the run's id.</summary>
    public async Task<string> SubmitAsync(byte[] plan)
    {
        var submitted = await Client.SubmitAsync(plan, Token);
        return submitted.Run ?? throw new InvalidOperationException(string.Join('\n', submitted.Faults));
    }

    /// <summary>A run that exists.</summary>
    public async Task<RunView> RunAsync(string run) =>
        await Client.RunAsync(run, Token) ?? throw new InvalidOperationException($"The run {run} is gone.");

    /// <summary>Waits until a run has committed all its rounds: its versions.</summary>
    public async Task<IReadOnlyList<ModelVersionView>> CompleteAsync(string run)
    {
        await foreach (var occurred in Client.WatchAsync(run, Token))
        {
            Assert.NotEqual(RunStatus.Paused, occurred.Status);
        }

        Assert.Equal(RunStatus.Completed, (await RunAsync(run)).Summary.Status);
        return await Client.VersionsAsync(run, Token);
    }

    /// <summary>Waits for a round to be committed: its manifest.</summary>
    public async Task<RoundManifest> CommittedAsync(string run, int round)
    {
        ModelVersionView? version = null;
        await WaitAsync($"round {round} of {run}", async () =>
        {
            version = (await Client.VersionsAsync(run, Token)).FirstOrDefault(version => version.Manifest.Round == round);
            return version is not null;
        });
        return version!.Manifest;
    }

    /// <summary>What a process has printed and logged so far, over all its lives; it may be writing.</summary>
    public string Log(string process)
    {
        using var log = new StreamReader(new FileStream(
            Local.LogOf(process), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return log.ReadToEnd();
    }

    /// <summary>Polls a condition until it holds; where the time is over, says for what it waited.</summary>
    public Task WaitAsync(string what, Func<Task<bool>> condition) => Local.WaitAsync(what, condition, Token);

    /// <summary>As <see cref="WaitAsync"/>, while what is asked may be away.</summary>
    public Task WaitThroughAsync(string what, Func<Task<bool>> condition) => WaitAsync(what, async () =>
    {
        try
        {
            return await condition();
        }
        catch (FederationException)
        {
            return false;
        }
    });

    /// <summary>Ends a Silo as its supervisor would, and waits until it has ended in good order.</summary>
    public async Task StopSiloAsync(string silo)
    {
        var process = Local.Processes[silo];
        await process.SignalAsync("TERM");
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        await Local.EndAsync(silo);
    }

    /// <summary>Polls a condition until it holds.</summary>
    public static async Task UntilAsync(string what, Func<bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Deadline)
            {
                throw new TimeoutException($"Waited {Deadline.TotalSeconds:0} s for {what}.");
            }

            await Task.Delay(Pause, Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        await Local.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
