using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Plans;
using FederatedOrleans.Simulation.Reports;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>Reads the rows that are to be partitioned, as a node would read its own.</summary>
internal static class SourceLoader
{
    private const string Placeholder = "{hospital}";

    // What {hospital} stands for where the description does not name it.
    private const string Nobody = "simulation";

    /// <summary>Reads them.</summary>
    /// <param name="plan">The plan, whose dataset they must be.</param>
    /// <param name="description">The description of the dataset.</param>
    /// <param name="dataFolder">What <c>{data}</c> stands for; the description's folder when absent.</param>
    /// <param name="sites">What <c>{hospital}</c> stands for, in turn; empty where the description does not name it.</param>
    /// <param name="partition">The partition, which may need a column or the sites.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FederationException">They cannot be read, or are not what the plan asks for; every reason is told.</exception>
    public static async Task<SourceRows> LoadAsync(
        TrainingPlan plan,
        string description,
        string? dataFolder,
        ImmutableArray<string> sites,
        PartitionChoice partition,
        CancellationToken cancellationToken = default)
    {
        await CheckSitesAsync(description, sites, cancellationToken);
        var options = new List<DatasetOptions>();
        var datasets = new List<LocalDataset>();
        RowGroups? column = null;
        var reading = "";
        try
        {
            foreach (var site in sites.IsEmpty ? [Nobody] : sites)
            {
                reading = sites.IsEmpty ? "" : $"{site}: ";
                options.Add(await DatasetOptionsReader.ReadFileAsync(description, site, dataFolder is null ? null : Path.GetFullPath(dataFolder), cancellationToken));
                CheckPlan(plan, options[^1], partition);
            }

            foreach (var (index, one) in options.Index())
            {
                reading = sites.IsEmpty ? "" : $"{sites[index]}: ";
                var store = DataStores.For(one);
                column ??= await GroupsAsync(partition, store, cancellationToken);
                datasets.Add(await LocalDatasetLoader.LoadAsync(one, store, groups: column, requiresParts: one.Split.File is not null, cancellationToken: cancellationToken));
            }
        }
        catch (DatasetException fault)
        {
            throw new FederationException(string.Join('\n', fault.Faults.Select(sentence => reading + sentence)), fault);
        }

        var isBySite = partition.Kind == PartitionKind.Sites;
        return new()
        {
            Dataset = datasets is [var only] ? only : PooledRows.Of(datasets, options[0].MemoryLimit),
            Split = options[0].Split,
            Groups = isBySite ? [.. datasets.SelectMany((dataset, site) => Enumerable.Repeat(site, dataset.RowCount))] : column is null ? [] : [.. column.Codes],
            AreGroupsGiven = isBySite,
            GroupNames = isBySite ? sites : [.. column?.Values ?? []],
        };
    }

    private static async Task CheckSitesAsync(string description, ImmutableArray<string> sites, CancellationToken cancellationToken)
    {
        if (!File.Exists(description))
        {
            // Whoever reads it says so.
            return;
        }

        var names = (await File.ReadAllTextAsync(description, cancellationToken)).Contains(Placeholder, StringComparison.Ordinal);
        if (sites.IsEmpty && names)
        {
            throw new FederationException($"{Path.GetFileName(description)} holds {Placeholder}: say with --sites what it stands for, as in --sites cleveland,va.");
        }

        if (!sites.IsEmpty && !names)
        {
            throw new FederationException($"{Path.GetFileName(description)} does not hold {Placeholder}: --sites would read the same rows {sites.Length} times.");
        }
    }

    private static async Task<RowGroups?> GroupsAsync(PartitionChoice partition, IDataStore store, CancellationToken cancellationToken) => partition.Kind == PartitionKind.Column
        ? new RowGroups(partition.PlaceAmong(await store.ReadColumnNamesAsync(cancellationToken))!.Value)
        : null;

    private static void CheckPlan(TrainingPlan plan, DatasetOptions options, PartitionChoice partition)
    {
        string?[] faults =
        [
            options.Name == plan.Dataset.Name ? null : $"Plan {plan.Name} trains on dataset {plan.Dataset.Name}; the description is of {options.Name}.",
            options.Schema.Digest == plan.Dataset.Schema.Digest
                ? null
                : $"Dataset {options.Name} does not have the schema that plan {plan.Name} asks for: features, levels, their order and the label must be the same.",
            partition.Kind == PartitionKind.Dirichlet && options.Schema.ClassCount == 0
                ? "dirichlet:ALPHA shares out classes, and this label is a number: take quantity:ALPHA, column:NAME or even."
                : null,
        ];
        if (faults.OfType<string>().ToArray() is { Length: > 0 } told)
        {
            throw new DatasetException(told);
        }
    }
}
