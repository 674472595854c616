using System.Collections.Immutable;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Training;

namespace FederatedOrleans.Aggregation;

/// <summary>The aggregators by name. The plan's validator asks here, so a misspelt name cannot pass.</summary>
public static class Aggregators
{
    /// <summary>Every name there is.</summary>
    public static ImmutableArray<string> Names { get; } = [WeightedMean.PolicyName, FedNova.PolicyName, Union.PolicyName];

    /// <summary>The aggregator that <paramref name="plan"/> names.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="round">The round that it is for, from 1; 0 is that of statistics.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IAggregator For(TrainingPlan plan, int round) => plan.Aggregator.Name switch
    {
        WeightedMean.PolicyName => new WeightedMean(),
        FedNova.PolicyName => new FedNova(numExamples => LocalWork.Norm(plan, round, numExamples)),
        Union.PolicyName => new Union(),
        _ => throw new ArgumentException($"Unknown aggregator '{plan.Aggregator.Name}'.", nameof(plan)),
    };

    /// <summary>The whole aggregate of what has been folded in so far.</summary>
    /// <param name="accumulator">The accumulator.</param>
    /// <param name="length">Its parameters.</param>
    /// <exception cref="InvalidOperationException">Nothing was folded in.</exception>
    public static ParameterVector Aggregate(this IUpdateAccumulator accumulator, int length)
    {
        var values = GC.AllocateUninitializedArray<float>(length);
        accumulator.ReadAggregate(0, values);
        return new(values);
    }

    /// <summary>Folds a whole set at once, in ordinal order of the hospitals' ids whatever order it comes in.</summary>
    public static ParameterVector Aggregate(
        this IAggregator aggregator, IEnumerable<(string Hospital, ParameterVector Update, long NumExamples)> updates)
    {
        IUpdateAccumulator? accumulator = null;
        var length = 0;
        foreach (var (_, update, numExamples) in updates.OrderBy(update => update.Hospital, StringComparer.Ordinal))
        {
            accumulator ??= aggregator.Begin(length = update.Length);
            accumulator.Fold(update.Span, numExamples);
        }

        return accumulator?.Aggregate(length) ?? throw new ArgumentException("There is no update to aggregate.", nameof(updates));
    }

    /// <summary>Folds each group apart, in ordinal order of the hospitals' ids, and adds the groups' sums in their order.</summary>
    /// <param name="aggregator">One whose accumulator is an <see cref="ISumAccumulator"/>.</param>
    /// <param name="groups">The groups in their order; some may be empty.</param>
    /// <param name="length">Parameters of an update.</param>
    /// <exception cref="ArgumentException">There is no update at all.</exception>
    public static ParameterVector AggregateGroups(
        this IAggregator aggregator,
        IEnumerable<IEnumerable<(string Hospital, ParameterVector Update, long NumExamples)>> groups,
        int length)
    {
        ISumAccumulator? all = null;
        var part = new float[length];
        foreach (var group in groups)
        {
            var accumulator = (ISumAccumulator)aggregator.Begin(length);
            var folded = group.OrderBy(update => update.Hospital, StringComparer.Ordinal).ToArray();
            foreach (var (_, update, numExamples) in folded)
            {
                accumulator.Fold(update.Span, numExamples);
            }

            if (all is null)
            {
                all = accumulator;
                continue;
            }

            accumulator.ReadSum(0, part);
            all.AddSum(0, part);
            all.EndSum([.. folded.Select(update => update.NumExamples)]);
        }

        return all is { Count: > 0 } ? all.Aggregate(length) : throw new ArgumentException("There is no update to aggregate.", nameof(groups));
    }
}
