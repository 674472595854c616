using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using FederatedOrleans.Blobs;
using FederatedOrleans.Client;
using FederatedOrleans.Federation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Models;
using FederatedOrleans.Runs;
using FederatedOrleans.Simulation.Faults;
using FederatedOrleans.Site.Participants;
using FederatedOrleans.Updates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FederatedOrleans.Simulation;

/// <summary>A whole federation in one process: the central grains and every hospital's site, in one cluster, over a link without a network.</summary>
/// <remarks>It is the same code as in the real processes but for the link, the enrolment (made-up keys) and the approvals (by configuration).</remarks>
public sealed class FederationSimulation : IAsyncDisposable
{
    private const int Page = 200;
    private const int ChunkBytes = 1 << 20;
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan EventWait = TimeSpan.FromSeconds(10);

    private readonly SimulationOptions _options;
    private readonly IHost _host;
    private readonly string _folder;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Dictionary<string, SimulatedSite> _sites = new(StringComparer.Ordinal);

    private FederationSimulation(SimulationOptions options, IHost host, string folder)
    {
        (_options, _host, _folder) = (options, host, folder);
        Schedule = new(options.Faults?.Seed ?? 0);
    }

    /// <summary>The central grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The federation.</summary>
    public IFederationGrain Federation => Grains.GetGrain<IFederationGrain>(GrainKeys.Federation);

    /// <summary>When what of <see cref="SimulationOptions.Faults"/> happens.</summary>
    internal FaultSchedule Schedule { get; }

    /// <summary>Starts the centre, enrols every hospital and starts those that are to be.</summary>
    /// <param name="options">What is simulated.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="FederationException">A hospital can't be enrolled, or the faults can't be simulated.</exception>
    public static async Task<FederationSimulation> StartAsync(SimulationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Faults?.Check();
        var folder = options.Folder ?? Directory.CreateTempSubdirectory("fo-simulation-").FullName;
        Directory.CreateDirectory(folder);
        var simulation = new FederationSimulation(options, SimulationHost.Build(options, folder), folder);
        try
        {
            await simulation._host.StartAsync(cancellationToken);
            await simulation.EnrolAsync(cancellationToken);
            await simulation.Federation.WakeRunsAsync(cancellationToken);
            if (options.StartHospitals)
            {
                foreach (var hospital in options.Hospitals)
                {
                    await simulation.StartHospitalAsync(hospital.Id, cancellationToken);
                }
            }

            return simulation;
        }
        catch
        {
            await simulation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a hospital's site, and returns once it attends. One that runs already goes on.</summary>
    /// <param name="hospital">Hospital id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task StartHospitalAsync(string hospital, CancellationToken cancellationToken = default)
    {
        var wanted = _options.Hospitals.Single(known => known.Id == hospital);
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (_sites.ContainsKey(hospital))
            {
                return;
            }

            var context = new SiteContext
            {
                Hospital = hospital,
                Folder = Path.Combine(_folder, "sites", hospital),
                PollInterval = _options.PollInterval,
            };
            var services = _host.Services;
            Site.Link.IHospitalLink link = new InProcessHospitalLink(
                hospital,
                _options.HeartbeatInterval,
                services.GetRequiredService<IGrainFactory>(),
                services.GetRequiredService<IBlobStore>(),
                services.GetRequiredService<UpdateIntake>(),
                _options.Time,
                wanted.Availability);
            if (_options.Faults is { } faults)
            {
                link = new FaultyLink(hospital, link, faults, Schedule, _options.Time);
            }

            link = _options.WrapLink?.Invoke(hospital, link) ?? link;
            _sites.Add(hospital, await SimulatedSite.StartAsync(context, wanted, link, _options.Trainers, services, cancellationToken));
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Ends a hospital's site wherever it is. What it had stored is there when it starts again.</summary>
    /// <param name="hospital">Hospital id.</param>
    public async Task StopHospitalAsync(string hospital)
    {
        await _changing.WaitAsync();
        try
        {
            if (_sites.Remove(hospital, out var site))
            {
                await site.DisposeAsync();
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Submits a plan, and gives the id of its run.</summary>
    /// <param name="plan">The plan, UTF-8 JSON.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FederationException">The plan is refused, with every fault.</exception>
    public async Task<string> SubmitAsync(byte[] plan, CancellationToken cancellationToken = default)
    {
        var result = await Federation.SubmitAsync(new SubmitPlan { Submission = Guid.NewGuid(), Plan = plan }, cancellationToken);
        return result.Run ?? throw new FederationException(string.Join(Environment.NewLine, result.Faults));
    }

    /// <summary>A run.</summary>
    /// <param name="run">Run id.</param>
    public IRunGrain Run(string run) => Grains.GetGrain<IRunGrain>(GrainKeys.Run(run));

    /// <summary>Events of a run, from the oldest that is still known, until cancelled.</summary>
    /// <param name="run">Run id.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    public async IAsyncEnumerable<RunEvent> WatchAsync(string run, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var last = 0L;
        while (true)
        {
            foreach (var occurred in await AnswerAsync(() => Run(run).EventsAsync(last, EventWait, cancellationToken)))
            {
                last = occurred.Sequence;
                yield return occurred;
            }
        }
    }

    /// <summary>Waits for an event of a run; one that has happened already counts.</summary>
    /// <param name="run">Run id.</param>
    /// <param name="wanted">Which event.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<RunEvent> WaitForAsync(string run, Func<RunEvent, bool> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        await foreach (var occurred in WatchAsync(run, cancellationToken))
        {
            if (wanted(occurred))
            {
                return occurred;
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Waits until a run is completed, held, paused or stopped, and gives its summary.</summary>
    /// <param name="run">Run id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FederationException">There is no such run.</exception>
    public async Task<RunSummary> CompletionAsync(string run, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var view = await AnswerAsync(() => Run(run).ViewAsync(cancellationToken)) ?? throw new FederationException($"There is no run {run}.");
            if (IsOver(view.Summary.Status))
            {
                return view.Summary;
            }

            // The view tells the number of its newest event: nothing that happens after it can be missed.
            await AnswerAsync(() => Run(run).EventsAsync(view.LastEvent, EventWait, cancellationToken));
        }
    }

    /// <summary>Asks a question that may be asked twice until it is answered, or whoever asks gives up.</summary>
    /// <remarks>Thousands of sites share the machine with the centre: an answer that is late says nothing about the run.</remarks>
    internal static async Task<T> AnswerAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (TimeoutException)
            {
                // It had half a minute.
            }
        }
    }

    /// <summary>Whether a run goes no further by itself.</summary>
    internal static bool IsOver(RunStatus status) => status is RunStatus.Completed or RunStatus.Paused or RunStatus.Stopped or RunStatus.Held;

    /// <summary>A model of a run: the latest where no version is given, 0 the initial one.</summary>
    /// <param name="run">Run id.</param>
    /// <param name="version">Version.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="FederationException">There is no such model.</exception>
    public async Task<ParameterVector> ReadModelAsync(string run, int? version = null, CancellationToken cancellationToken = default)
    {
        var model = await Run(run).DescribeModelAsync(version, cancellationToken)
            ?? throw new FederationException($"{run} has no version {version}.");
        var bytes = new byte[model.ByteLength];
        for (var offset = 0; offset < bytes.Length;)
        {
            var chunk = await Run(run).ReadModelAsync(model.Version, offset, ChunkBytes, cancellationToken);
            chunk.CopyTo(bytes, offset);
            offset += chunk.Length;
        }

        return ParameterVector.FromBytes(bytes);
    }

    /// <summary>A model of a run with its lineage, as it is exported.</summary>
    /// <param name="run">Run id.</param>
    /// <param name="version">Version; the latest when absent.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="FederationException">There is no such model, or it is held back and no version is named.</exception>
    public async Task<DownloadedModel> DownloadModelAsync(string run, int? version = null, CancellationToken cancellationToken = default)
    {
        var description = await Run(run).DescribeModelAsync(version, cancellationToken) ?? throw new FederationException($"{run} has no version {version}.");
        var lineage = ImmutableArray.CreateBuilder<RoundManifest>(description.Version);
        while (lineage.Count < description.Version && await Run(run).LineageAsync(lineage.Count + 1, cancellationToken) is { IsEmpty: false } page)
        {
            lineage.AddRange(page.AsSpan()[..Math.Min(page.Length, description.Version - lineage.Count)]);
        }

        var model = await ReadModelAsync(run, description.Version, cancellationToken);
        return new(description with { Lineage = lineage.ToImmutable() }, model.AsBytes());
    }

    /// <summary>Every committed version of a run with its manifest and evaluations, the oldest first.</summary>
    /// <param name="run">Run id.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    public async Task<ImmutableArray<ModelVersionView>> VersionsAsync(string run, CancellationToken cancellationToken = default)
    {
        var versions = ImmutableArray.CreateBuilder<ModelVersionView>();
        while (true)
        {
            var page = await Run(run).VersionsAsync(versions.Count + 1, Page, cancellationToken);
            versions.AddRange(page);
            if (page.IsEmpty)
            {
                return versions.ToImmutable();
            }
        }
    }

    /// <summary>Ends every site, then the centre; deletes the folder if it was a temporary one.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_sites.Values.Select(site => site.DisposeAsync().AsTask()));
        _sites.Clear();
        await _host.StopAsync();
        switch (_host)
        {
            case IAsyncDisposable host:
                await host.DisposeAsync();
                break;
            default:
                _host.Dispose();
                break;
        }

        _changing.Dispose();
        if (_options.Folder is null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task EnrolAsync(CancellationToken cancellationToken)
    {
        var now = _options.Time.GetUtcNow();
        foreach (var hospital in _options.Hospitals)
        {
            // No handshake shows this key to anybody: what counts is that it is the same at every start.
            var fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hospital.Id)));
            Require(await Federation.InviteHospitalAsync(hospital.Id, cancellationToken));
            Require(await Federation.AdmitHospitalAsync(
                hospital.Id, new HospitalKey(fingerprint, now - KeyLifetime, now + KeyLifetime), cancellationToken));
        }
    }

    private static void Require(CommandResult result)
    {
        if (!result.Done)
        {
            throw new FederationException(result.Reason ?? "refused");
        }
    }
}
