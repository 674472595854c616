using System.Collections.Immutable;
using System.Net;
using FederatedOrleans.Data;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Storage;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Hosting;

/// <summary>What a node is made of, loaded and checked before anything starts.</summary>
internal sealed class NodeParts : IDisposable
{
    private NodeParts(
        NodeConfiguration configuration, LinkKit kit, DatasetCatalog datasets, ImmutableArray<DatasetOptions> options, Trainers trainers, ScratchFolder scratch) =>
        (Configuration, Kit, Datasets, DatasetOptions, Trainers, _scratch) = (configuration, kit, datasets, options, trainers, scratch);

    private readonly ScratchFolder _scratch;

    public NodeConfiguration Configuration { get; }

    public LinkKit Kit { get; }

    public DatasetCatalog Datasets { get; }

    public ImmutableArray<DatasetOptions> DatasetOptions { get; }

    /// <summary>What this node can train.</summary>
    public Trainers Trainers { get; }

    public string Hospital => Kit.Identity.HospitalId!;

    /// <summary>Loads the configuration, the kit and the descriptions of the datasets.</summary>
    /// <param name="path">The configuration file.</param>
    /// <param name="time">The clock that certificates are judged by.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <param name="alsoData">Whether what is wrong with the data belongs to the faults too.</param>
    /// <param name="alsoLink">What is wrong with the link belongs to the faults too, where the kit itself is whole.</param>
    /// <exception cref="NodeConfigurationException">Anything is wrong: every fault of every part.</exception>
    public static async Task<NodeParts> LoadAsync(
        string path,
        TimeProvider time,
        CancellationToken cancellationToken,
        bool alsoData = false,
        Func<NodeConfiguration, LinkKit, Task<IEnumerable<string>>>? alsoLink = null)
    {
        var (configuration, read) = NodeConfigurationReader.TryReadFile(path);
        if (configuration is null || (!alsoData && read.Length > 0))
        {
            throw new NodeConfigurationException(read.AsSpan());
        }

        var faults = new List<string>(read);
        LinkKit? kit = null;
        LinkName? name = null;
        if (configuration.Kit.Length > 0)
        {
            try
            {
                kit = LinkKit.Load(configuration.Kit, time, LinkRole.Hospital);
            }
            catch (EnrolmentException exception)
            {
                faults.AddRange(exception.Faults);
            }

            // A kit whose certificate does not hold still says which hospital's data is described.
            name = kit?.Identity.Name ?? LinkKit.ReadName(configuration.Kit);
        }

        // Whoever only looks leaves nothing in the node's folder, which is not theirs to make.
        var scratch = alsoData ? Directory.CreateTempSubdirectory("fed-node-") : null;
        var hospital = name?.HospitalId;
        var options = ImmutableArray.CreateBuilder<DatasetOptions>();
        foreach (var file in configuration.Datasets)
        {
            try
            {
                options.Add(await DatasetOptionsReader.ReadFileAsync(file, hospital ?? "unknown", configuration.Data, cancellationToken));
            }
            catch (DatasetException exception)
            {
                faults.AddRange(exception.Faults);
            }
        }

        faults.AddRange(options.GroupBy(dataset => dataset.Name, StringComparer.Ordinal)
            .Where(same => same.Count() > 1)
            .Select(same => $"Two descriptions name the dataset {same.Key}."));
        var families = configuration.Trainers.SelectMany(folder => TrainerFolder.Load(folder, faults)).ToArray();
        faults.AddRange(families.SelectMany(family => family.Kinds)
            .Concat(Trainers.BuiltIn.Kinds)
            .GroupBy(kind => kind, StringComparer.Ordinal)
            .Where(same => same.Count() > 1)
            .Select(same => $"Two trainers are for models of the kind {same.Key}."));
        if (faults.Count > 0)
        {
            using var whole = kit;
            using var held = new ScratchFolder(scratch);
            if (alsoData && name is not null)
            {
                faults.AddRange(await DataFaultsAsync(options, scratch!.FullName, cancellationToken));
                faults.AddRange(NodePlaces.Faults(configuration, name));
            }

            if (kit is not null && alsoLink is not null)
            {
                faults.AddRange(await alsoLink(configuration, kit));
            }

            throw new NodeConfigurationException([.. faults]);
        }

        return new NodeParts(configuration, kit!, new DatasetCatalog(options, time, scratch?.FullName ?? Path.Combine(configuration.Site, "scratch")), options.ToImmutable(), new Trainers(families), new ScratchFolder(scratch));
    }

    private static async Task<List<string>> DataFaultsAsync(
        IEnumerable<DatasetOptions> options, string scratch, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var described in options.DistinctBy(dataset => dataset.Name))
        {
            using var catalog = new DatasetCatalog([described], TimeProvider.System, scratch);
            try
            {
                await catalog.LoadAsync(described.Name, cancellationToken);
            }
            catch (DatasetException exception)
            {
                faults.AddRange(exception.Faults);
            }
        }

        return faults;
    }

    /// <summary>A handler that shows this hospital's certificate and accepts only the Silo's.</summary>
    /// <param name="time">The clock that certificates are judged by.</param>
    /// <param name="refused">Told why the Silo's certificate is refused; called on the connection's thread.</param>
    public SocketsHttpHandler CreateHandler(TimeProvider time, Action<LinkVerdict>? refused = null) =>
        CreateHandler(Configuration, Kit, time, refused);

    /// <inheritdoc cref="CreateHandler(TimeProvider, Action{LinkVerdict}?)"/>
    public static SocketsHttpHandler CreateHandler(
        NodeConfiguration configuration, LinkKit kit, TimeProvider time, Action<LinkVerdict>? refused = null) => new()
    {
        ConnectCallback = configuration.LinkBytesPerSecond is null ? KeptAliveSocket.ConnectAsync : KeptAliveSocket.ConnectSlowAsync,
        SslOptions = LinkTls.ClientOptions(kit.Certificate, kit.PeerValidator(time), refused),
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(20),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(15),
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
    };

    public void Dispose()
    {
        Kit.Dispose();
        Datasets.Dispose();
        _scratch.Dispose();
    }
}
