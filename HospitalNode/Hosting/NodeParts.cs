using System.Collections.Immutable;
using System.Net;
using FederatedOrleans.Data;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Site.Hosting;

/// <summary>What a node is made of, loaded and checked before anything starts.</summary>
internal sealed class NodeParts : IDisposable
{
    private NodeParts(NodeConfiguration configuration, LinkKit kit, DatasetCatalog datasets, ImmutableArray<DatasetOptions> options) =>
        (Configuration, Kit, Datasets, DatasetOptions) = (configuration, kit, datasets, options);

    public NodeConfiguration Configuration { get; }

    public LinkKit Kit { get; }

    public DatasetCatalog Datasets { get; }

    public ImmutableArray<DatasetOptions> DatasetOptions { get; }

    public string Hospital => Kit.Identity.HospitalId!;

    /// <summary>Loads the configuration, the kit and the descriptions of the datasets.</summary>
    /// <param name="path">The configuration file.</param>
    /// <param name="time">The clock that certificates are judged by.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <param name="alsoData">Whether what is wrong with the data belongs to the faults too.</param>
    /// <exception cref="NodeConfigurationException">Anything is wrong: every fault of every part.</exception>
    public static async Task<NodeParts> LoadAsync(
        string path, TimeProvider time, CancellationToken cancellationToken, bool alsoData = false)
    {
        var configuration = NodeConfigurationReader.ReadFile(path);
        var faults = new List<string>();
        LinkKit? kit = null;
        try
        {
            kit = LinkKit.Load(configuration.Kit, time, LinkRole.Hospital);
        }
        catch (EnrolmentException exception)
        {
            faults.AddRange(exception.Faults);
        }

        // A kit whose certificate does not hold still says which hospital's data is described.
        var hospital = kit?.Identity.HospitalId ?? LinkKit.ReadName(configuration.Kit)?.HospitalId;
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
        if (faults.Count > 0)
        {
            kit?.Dispose();
            if (alsoData && hospital is not null)
            {
                faults.AddRange(await DataFaultsAsync(options, cancellationToken));
            }

            throw new NodeConfigurationException([.. faults]);
        }

        return new NodeParts(configuration, kit!, new DatasetCatalog(options), options.ToImmutable());
    }

    private static async Task<List<string>> DataFaultsAsync(IEnumerable<DatasetOptions> options, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var described in options.DistinctBy(dataset => dataset.Name))
        {
            using var catalog = new DatasetCatalog([described]);
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
    public SocketsHttpHandler CreateHandler(TimeProvider time) => new()
    {
        SslOptions = LinkTls.ClientOptions(Kit.Certificate, Kit.PeerValidator(time)),
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

    /// <summary>Sentences for ports that are taken.</summary>
    public IEnumerable<string> PortFaults() =>
        PortCheck.Faults([("the node's own silo", new IPEndPoint(IPAddress.Loopback, Configuration.SiloPort))]);

    public void Dispose()
    {
        Kit.Dispose();
        Datasets.Dispose();
    }
}
