using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Data.Statistics;

/// <summary>What a hospital gives to a statistics round: counts and sums of its training rows, without any that are of few patients.</summary>
internal static class StatisticsCollector
{
    private const int RowsBetweenLooks = 4096;

    /// <summary>Collects.</summary>
    /// <param name="plan">A plan with preprocessing.</param>
    /// <param name="dataset">The rows.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    /// <exception cref="DatasetException">There are fewer training rows than the least count that may leave.</exception>
    public static ParameterVector Collect(TrainingPlan plan, LocalDataset dataset, CancellationToken cancellationToken = default) =>
        Collect(plan, dataset, Math.Max(plan.Preprocessing!.MinimumCell, dataset.MinimumCell), cancellationToken);

    /// <summary>Collects by another least count than owner and plan say: for whoever has the rows anyway.</summary>
    public static ParameterVector Collect(TrainingPlan plan, LocalDataset dataset, int least, CancellationToken cancellationToken)
    {
        var preprocessing = plan.Preprocessing!;
        if (dataset.TrainRows.Length < least)
        {
            throw new DatasetException(
                $"Dataset {dataset.Name} has fewer training rows than the {least:N0} below which no statistics leave: the larger of minimumCell here and in plan {plan.Name}.");
        }

        var features = plan.Dataset.Schema.Features.Zip(preprocessing.Features)
            .Select(pair => (
                Width: pair.First.InputCount,
                Number: pair.Second.Range is { } range ? new NumberTally(range, pair.Second.Missing, pair.Second.Bins, least) : null,
                Levels: pair.Second.Range is null ? new LevelTally(pair.First.Levels.Length) : null))
            .ToArray();
        var classes = new LevelTally(plan.Dataset.Schema.ClassCount);
        var numericLabel = preprocessing.Label is { } labelRange ? new NumberTally(labelRange, [], bins: 0, least) : null;
        var reader = dataset.Inputs.Open();
        for (var index = 0; index < dataset.TrainRows.Length; index++)
        {
            if (index % RowsBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var row = dataset.TrainRows[index];
            var cells = reader.Row(row);
            foreach (var (width, number, levels) in features)
            {
                number?.Add(cells[0]);
                levels?.Add(cells[..width]);
                cells = cells[width..];
            }

            numericLabel?.Add(dataset.Label(row));
            if (plan.Dataset.Schema.LabelKind != LabelKind.Numeric)
            {
                classes.AddLevel((int)dataset.Label(row));
            }
        }

        var sums = DatasetSums.Empty(plan);
        sums.Rows = dataset.TrainRows.Length;
        foreach (var ((_, number, levels), target) in features.Zip(sums.Features))
        {
            number?.Write(target);
            levels?.Write(target, least);
        }

        numericLabel?.Write(sums.Label);
        if (plan.Dataset.Schema.LabelKind != LabelKind.Numeric)
        {
            classes.Write(sums.Label, least);
        }

        return SumsCodec.Encode(plan, sums);
    }
}
