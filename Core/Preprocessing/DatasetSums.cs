using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Preprocessing;

/// <summary>What a statistics round counts and adds up, at one hospital or over all of them.</summary>
public sealed class DatasetSums
{
    private DatasetSums(ImmutableArray<FeatureSums> features, FeatureSums label) => (Features, Label) = (features, label);

    /// <summary>Training rows.</summary>
    public long Rows { get; set; }

    /// <summary>The features in the order of the schema.</summary>
    public ImmutableArray<FeatureSums> Features { get; }

    /// <summary>The label: its cells are classes; of a numeric one there are none.</summary>
    public FeatureSums Label { get; }

    /// <summary>Nothing yet, of a plan that has preprocessing.</summary>
    public static DatasetSums Empty(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var preprocessing = PreprocessingOf(plan);
        return new(
            [
                .. plan.Dataset.Schema.Features.Zip(preprocessing.Features)
                    .Select(pair => new FeatureSums(pair.First.Kind == FeatureKind.Numeric ? pair.Second.Bins : pair.First.Levels.Length)),
            ],
            new FeatureSums(plan.Dataset.Schema.ClassCount));
    }

    /// <summary>The plan's preprocessing.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    internal static PreprocessingPlan PreprocessingOf(TrainingPlan plan) =>
        plan.Preprocessing ?? throw new ArgumentException("The plan has no preprocessing, and no statistics round.", nameof(plan));
}
