using FederatedOrleans.Data;

namespace FederatedOrleans.Simulation.Reports;

/// <summary>The rows of several hospitals in one place.</summary>
internal static class PooledRows
{
    /// <summary>All rows, hospital after hospital, each in the part that it was in. Lists of one matrix are put together as they are.</summary>
    /// <param name="datasets">The hospitals' rows.</param>
    /// <param name="memory">Most bytes of memory that they may take together; beyond that they lie in a scratch file.</param>
    public static LocalDataset Of(IReadOnlyList<LocalDataset> datasets, long memory = DatasetOptions.DefaultMemoryLimit)
    {
        if (datasets.All(dataset => dataset.Inputs == datasets[0].Inputs))
        {
            return datasets[0].With(new([.. datasets.SelectMany(dataset => dataset.TrainRows)], [.. datasets.SelectMany(dataset => dataset.TestRows)])
            {
                Validation = [.. datasets.SelectMany(dataset => dataset.ValidationRows)],
            });
        }

        using var inputs = new RowCollector(datasets[0].InputCount, memory, Path.GetTempPath());
        var labels = new float[datasets.Sum(dataset => dataset.RowCount)];
        var (train, test, validation) = (new List<int>(), new List<int>(), new List<int>());
        var first = 0;
        foreach (var dataset in datasets)
        {
            var reader = dataset.Inputs.Open();
            for (var row = 0; row < dataset.RowCount; row++)
            {
                inputs.Add(reader.Row(row));
                labels[first + row] = dataset.Label(row);
            }

            train.AddRange(dataset.TrainRows.Select(row => row + first));
            test.AddRange(dataset.TestRows.Select(row => row + first));
            validation.AddRange(dataset.ValidationRows.Select(row => row + first));
            first += dataset.RowCount;
        }

        return new LocalDataset(datasets[0].Name, datasets[0].Schema, inputs.Finish(), labels, new([.. train], [.. test]) { Validation = [.. validation] })
        {
            MinimumCell = datasets[0].MinimumCell,
            HasMissing = datasets.Any(dataset => dataset.HasMissing),
        };
    }
}
