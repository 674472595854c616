using System.Collections.Immutable;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Preprocessing;

/// <summary>What a statistics round has brought: of the training rows of all hospitals together, none of one alone.</summary>
/// <remarks>
/// A mean and a deviation are of sums about a pivot that the plan declares: mean = a + h S1 / N, variance = h^2 (S2 - S1^2 / N) / (N - 1), S1 and S2 the sums
/// of (x - a) / h and of its squares, a the middle of the feature's range and h half of its length. With a declared about where the values lie, nothing of
/// note cancels.
/// </remarks>
public sealed record DatasetStatistics
{
    private const string Yes = "yes";
    private const string No = "no";

    /// <summary>Training rows.</summary>
    public required long Rows { get; init; }

    /// <summary>The features in the order of the schema.</summary>
    public required ImmutableArray<FeatureStatistics> Features { get; init; }

    /// <summary>The label: classes, <c>no</c> and <c>yes</c> of a binary one; of a number mean and deviation, where the plan declares its range.</summary>
    public FeatureStatistics? Label { get; init; }

    /// <summary>The statistics of the vector that a statistics round has committed.</summary>
    /// <param name="plan">A plan with preprocessing.</param>
    /// <param name="vector">The vector.</param>
    /// <exception cref="ArgumentException">The plan has no preprocessing, or the vector another length.</exception>
    public static DatasetStatistics Of(TrainingPlan plan, ParameterVector vector)
    {
        var sums = SumsCodec.Decode(plan, vector);
        var (schema, preprocessing) = (plan.Dataset.Schema, plan.Preprocessing!);
        return new()
        {
            Rows = sums.Rows,
            Features =
            [
                .. schema.Features.Zip(preprocessing.Features, sums.Features).Select(part => part.First.Kind == FeatureKind.Numeric
                    ? FeatureStatistics.OfNumber(part.First.Name, part.Second.Range!, part.Third)
                    : FeatureStatistics.OfLevels(part.First.Name, part.First.Levels, part.Third)),
            ],
            Label = schema.LabelKind switch
            {
                LabelKind.Binary => FeatureStatistics.OfLevels(schema.Label, [No, Yes], sums.Label),
                LabelKind.Categorical => FeatureStatistics.OfLevels(schema.Label, schema.LabelLevels, sums.Label),
                _ => preprocessing.Label is { } range ? FeatureStatistics.OfNumber(schema.Label, range, sums.Label) : null,
            },
        };
    }
}
