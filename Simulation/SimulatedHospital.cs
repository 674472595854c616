using System.Collections.Immutable;
using FederatedOrleans.Availability;
using FederatedOrleans.Data;
using FederatedOrleans.Plans;
using FederatedOrleans.Site.Availability;

namespace FederatedOrleans.Simulation;

/// <summary>A hospital of a simulation: its id and its datasets.</summary>
public sealed class SimulatedHospital
{
    private SimulatedHospital(string id, IDatasetCatalog datasets) => (Id, Datasets) = (id, datasets);

    /// <summary>Hospital id.</summary>
    public string Id { get; }

    /// <summary>Whether the owners of its datasets approve every plan: true by default. Otherwise they approve none.</summary>
    public bool Approves { get; init; } = true;

    /// <summary>When it can work, as its node would publish; always when absent.</summary>
    public WeeklyAvailability? Availability { get; init; }

    /// <summary>Its datasets.</summary>
    internal IDatasetCatalog Datasets { get; }

    /// <summary>What limits its work, beside its calendar; nothing when absent.</summary>
    internal ILimitProbe? Limit { get; init; }

    /// <summary>What its site asks before it works.</summary>
    internal SiteAvailability Limits(TimeProvider time) => new(Availability, Limit is null ? [] : [Limit], time);

    /// <summary>A hospital whose datasets are files, described as for a real node.</summary>
    /// <param name="id">Hospital id: what <c>{hospital}</c> stands for.</param>
    /// <param name="descriptions">Files that describe its datasets.</param>
    /// <param name="dataFolder">What <c>{data}</c> stands for; a description's own folder when absent.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FederationException">A description can't be used, with every reason.</exception>
    public static async Task<SimulatedHospital> FromFilesAsync(
        string id, IEnumerable<string> descriptions, string? dataFolder = null, CancellationToken cancellationToken = default)
    {
        var options = new List<DatasetOptions>();
        try
        {
            foreach (var description in descriptions)
            {
                options.Add(await DatasetOptionsReader.ReadFileAsync(description, id, dataFolder, cancellationToken));
            }
        }
        catch (DatasetException fault)
        {
            throw new FederationException($"{id}: {fault.Message}", fault);
        }

        return new(id, new DatasetCatalog(options, TimeProvider.System));
    }

    /// <summary>A hospital with one dataset in memory.</summary>
    /// <param name="id">Hospital id.</param>
    /// <param name="dataset">Dataset id.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="inputs">Inputs row by row, as the schema names them; given away.</param>
    /// <param name="labels">Labels; given away.</param>
    /// <param name="testRows">How many of the last rows are test rows.</param>
    public static SimulatedHospital WithRows(
        string id, string dataset, DatasetSchema schema, float[] inputs, bool[] labels, int testRows)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(labels);
        var train = labels.Length - testRows;
        var split = new RowSplit([.. Enumerable.Range(0, train)], [.. Enumerable.Range(train, testRows)]);
        return Of(id, new LocalDataset(dataset, schema, inputs, labels, split));
    }

    /// <summary>A hospital with datasets in memory.</summary>
    internal static SimulatedHospital Of(string id, params ImmutableArray<LocalDataset> datasets) => new(id, new MemoryCatalog(datasets));

    /// <summary>A hospital with one dataset in memory, with hours and a limit.</summary>
    internal static SimulatedHospital Of(string id, WeeklyAvailability? hours, ILimitProbe? limit, LocalDataset dataset) =>
        new(id, new MemoryCatalog([dataset])) { Availability = hours, Limit = limit };

    /// <summary>A hospital with a catalog of any kind.</summary>
    internal static SimulatedHospital Of(string id, IDatasetCatalog datasets) => new(id, datasets);
}
