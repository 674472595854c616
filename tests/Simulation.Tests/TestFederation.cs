using FederatedOrleans.Runs;
using FederatedOrleans.Site.Approvals;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;
using Orleans.Hosting;

namespace FederatedOrleans.Simulation;

/// <summary>The four toy hospitals, one of which a test does things to, in a folder that the test can look into.</summary>
internal sealed class TestFederation : IAsyncDisposable
{
    /// <summary>The hospital that things are done to.</summary>
    public const string Victim = "beta";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-federation-");
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private FederationSimulation? _simulation;

    private TestFederation() => _deadline.CancelAfter(Patience);

    public FederationSimulation Simulation => _simulation!;

    /// <summary>The victim's dataset.</summary>
    public ToyCatalog Catalog { get; } = new(Toy.Dataset(Victim));

    /// <summary>Cancelled when the test has taken too long.</summary>
    public CancellationToken Token => _deadline.Token;

    /// <summary>Files in the victim's outbox.</summary>
    public string[] OutboxFiles => Directory.GetFiles(Path.Combine(_folder.FullName, "sites", Victim, "outbox"));

    /// <summary>Files of what the encoding of the victim's updates has lost.</summary>
    public string[] ResidualFiles => Directory.GetFiles(Path.Combine(_folder.FullName, "sites", Victim, "residuals"));

    /// <summary>Files of the victim's control variates.</summary>
    public string[] ControlFiles => Directory.GetFiles(Path.Combine(_folder.FullName, "sites", Victim, "controls"));

    /// <summary>Files of the victim's models of its own.</summary>
    public string[] PersonalFiles => Directory.GetFiles(Path.Combine(_folder.FullName, "sites", Victim, "personals"));

    public static async Task<TestFederation> StartAsync(
        Func<IHospitalLink, CancellationToken, IHospitalLink>? wrapVictim = null,
        Func<string, IHospitalLink, IHospitalLink>? wrapAll = null,
        Action<ISiloBuilder>? configure = null,
        TimeSpan? pollInterval = null)
    {
        var federation = new TestFederation();
        try
        {
            federation._simulation = await FederationSimulation.StartAsync(
                new SimulationOptions
                {
                    Hospitals =
                    [
                        .. Toy.Hospitals.Select(id => id == Victim ? SimulatedHospital.Of(id, federation.Catalog) : Toy.Hospital(id)),
                    ],
                    Folder = federation._folder.FullName,
                    Tick = TimeSpan.FromMilliseconds(50),
                    PollInterval = pollInterval ?? TimeSpan.FromMilliseconds(200),
                    ConfigureSilo = configure,
                    WrapLink = (hospital, link) =>
                    {
                        link = wrapAll?.Invoke(hospital, link) ?? link;
                        return hospital == Victim && wrapVictim is not null ? wrapVictim(link, federation.Token) : link;
                    },
                },
                federation.Token);
            return federation;
        }
        catch
        {
            await federation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a run is over, and gives its versions.</summary>
    public async Task<ModelVersionView[]> VersionsAsync(string run)
    {
        var summary = await Simulation.CompletionAsync(run, Token);
        Assert.True(summary.Status == RunStatus.Completed, summary.Reason);
        return [.. await Simulation.VersionsAsync(run, Token)];
    }

    public Task<RunEvent> CommittedAsync(string run, int round) =>
        Simulation.WaitForAsync(run, occurred => occurred.Kind == RunEventKind.RoundCommitted && occurred.Round == round, Token);

    /// <summary>The victim's stored state of a run.</summary>
    public Task<ParticipantState> StateAsync(string run) =>
        Simulation.Grains.GetGrain<IParticipantGrain>(SiteKeys.Participant(Victim, run)).StateAsync(Token);

    /// <summary>How often the victim has trained, in all runs.</summary>
    public async Task<long> TrainingsAsync() =>
        (await Simulation.Grains.GetGrain<IDatasetGrain>(SiteKeys.Dataset(Victim, "toy")).UsesAsync(Token)).Sum(use => use.Trainings);

    /// <summary>Waits until something is so: what a site does after the end of a round has no event.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(20, Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _deadline.CancelAsync();
        if (_simulation is not null)
        {
            await _simulation.DisposeAsync();
        }

        _deadline.Dispose();
        _folder.Delete(recursive: true);
    }
}
