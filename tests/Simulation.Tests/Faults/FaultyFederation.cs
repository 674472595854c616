using FederatedOrleans.Hosting;
using FederatedOrleans.Runs;
using FederatedOrleans.Site.Participants;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.Runtime;

namespace FederatedOrleans.Simulation.Faults;

/// <summary>The toy hospitals and one run of them, while a schedule breaks calls, states, grains and sites.</summary>
internal sealed class FaultyFederation : IAsyncDisposable
{
    private const int Speed = 20;
    private const int LongestBreath = 1_500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Scenario _scenario;

    // Of storage and of what is done to sites and grains; nothing fails before the run begins.
    private readonly FaultSchedule _schedule;
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-faults-");
    private readonly ScaledTime _time = new(Speed);
    private FederationSimulation? _simulation;

    private FaultyFederation(Scenario scenario)
    {
        _scenario = scenario;
        _schedule = new(scenario.Link.Seed, isQuiet: true);
        _deadline.CancelAfter(Patience);
    }

    public FederationSimulation Simulation => _simulation!;

    public SiteRecord Record { get; } = new();

    public CancellationToken Token => _deadline.Token;

    /// <summary>Starts the hospitals, nothing being wrong yet.</summary>
    public static async Task<FaultyFederation> StartAsync(Scenario scenario)
    {
        var federation = new FaultyFederation(scenario);
        try
        {
            federation._simulation = await FederationSimulation.StartAsync(federation.Options(), federation.Token);
            return federation;
        }
        catch
        {
            await federation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a plan through the faults of the schedule, and gives its end once everything has settled.</summary>
    public async Task<RunSummary> RunAsync(byte[] plan)
    {
        var run = await Simulation.SubmitAsync(plan, Token);
        _schedule.Begin();
        for (var action = 0; action < _scenario.Actions; action++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_schedule.Next("breath", LongestBreath)), _time, Token);
            await ActAsync(run);
        }

        QuietDown();
        foreach (var hospital in Toy.Hospitals)
        {
            await Simulation.StartHospitalAsync(hospital, Token);
        }

        var summary = await AskAsync(() => Simulation.CompletionAsync(run, Token));
        await Simulation.Schedule.ArrivedAsync(Token);
        foreach (var hospital in Toy.Hospitals)
        {
            while ((await AskAsync(() => ParticipantAsync(hospital, run))).Outbox is not null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), _time, Token);
            }
        }

        return summary;
    }

    /// <summary>Why the run waits, when it has taken too long.</summary>
    public async Task<string> WhyAsync()
    {
        var runs = await Simulation.Federation.RunsAsync(1);
        var why = await Simulation.Run(runs[0].Run).WhyAsync();
        return why is null ? "there is no run" : $"{why.Why} {string.Join("; ", why.Hospitals)}";
    }

    /// <summary>What a site has stored of a run.</summary>
    public Task<ParticipantState> ParticipantAsync(string hospital, string run) =>
        Simulation.Grains.GetGrain<IParticipantGrain>(SiteKeys.Participant(hospital, run)).StateAsync(Token);

    public async ValueTask DisposeAsync()
    {
        QuietDown();
        await _deadline.CancelAsync();
        if (_simulation is not null)
        {
            await _simulation.DisposeAsync();
        }

        _deadline.Dispose();
        _folder.Delete(recursive: true);
    }

    private SimulationOptions Options() => new()
    {
        Hospitals = [.. Toy.Hospitals.Select(id => Toy.Hospital(id))],
        Folder = _folder.FullName,
        Time = _time,
        Tick = TimeSpan.FromMilliseconds(500),
        HeartbeatInterval = TimeSpan.FromSeconds(2),
        AttemptDelay = TimeSpan.FromSeconds(1),
        PollInterval = TimeSpan.FromSeconds(2),
        Faults = _scenario.Link,
        WrapLink = (hospital, link) => new RecordedLink(hospital, link, Record),
        ConfigureSilo = silo =>
        {
            silo.Services.AddSingleton(Record);
            silo.AddIncomingGrainCallFilter<SiteRecordFilter>();
            FaultyStorage.Wrap(silo, StorageNames.Grains, _schedule, _scenario.StorageRate);
            FaultyStorage.Wrap(silo, SiteKeys.Storage, _schedule, _scenario.StorageRate);
        },
    };

    /// <summary>Asks until there is an answer: a grain that began to activate while its state could not be read tells that afterwards too.</summary>
    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (exception is IOException or OrleansException && !Token.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, Token);
            }
        }
    }

    private void QuietDown()
    {
        _schedule.End();
        _simulation?.Schedule.End();
    }

    private async Task ActAsync(string run)
    {
        var hospital = Toy.Hospitals[_schedule.Next("victim", Toy.Hospitals.Length)];
        switch (_schedule.Next("action", 8))
        {
            case 0 or 1:
                await Simulation.StopHospitalAsync(hospital);
                break;
            case 2:
                await StartAllAsync();
                break;
            case 3:
                await EndAsync(Simulation.Run(run));
                break;
            case 4:
                await EndAsync(Simulation.Grains.GetGrain<Hospitals.IHospitalGrain>(GrainKeys.Hospital(hospital)));
                break;
            case 5:
                await EndAsync(Simulation.Grains.GetGrain<IParticipantGrain>(SiteKeys.Participant(hospital, run)));
                break;
            case 6:
                await EndRoundAsync(run, isAggregator: false);
                break;
            default:
                await EndRoundAsync(run, isAggregator: true);
                break;
        }
    }

    private async Task StartAllAsync()
    {
        foreach (var hospital in Toy.Hospitals)
        {
            await Simulation.StartHospitalAsync(hospital, Token);
        }
    }

    private async Task EndRoundAsync(string run, bool isAggregator)
    {
        RunView? view;
        try
        {
            view = await Simulation.Run(run).ViewAsync(Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !Token.IsCancellationRequested)
        {
            // The view needs a state that can't be read just now.
            return;
        }

        if (view?.CurrentRound is not { } round)
        {
            return;
        }

        await EndAsync(isAggregator
            ? Simulation.Grains.GetGrain<Aggregation.IAggregatorGrain>(
                GrainKeys.Aggregator(run, round.Round, round.Attempt, 1 + _schedule.Next("epoch", 3), _schedule.Next("group", 2)))
            : Simulation.Grains.GetGrain<Rounds.IRoundCoordinatorGrain>(GrainKeys.Round(run, round.Round)));
    }

    /// <summary>Ends an activation: the next call makes a new one, which knows what is stored.</summary>
    private async Task EndAsync(IAddressable grain)
    {
        try
        {
            await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !Token.IsCancellationRequested)
        {
            // It could not be activated: nothing to end.
        }
    }
}
