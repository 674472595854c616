using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Preprocessing;

/// <summary>The inputs of a plan's model: those of its schema and, where a feature is to have one, a 0/1 input after them for its missing values.</summary>
public static class ModelInputs
{
    private const string FlagSuffix = " missing";

    /// <summary>Name of the input for a feature's missing values.</summary>
    public static string FlagOf(FeatureSpec feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        return feature.Name + FlagSuffix;
    }

    /// <summary>How many there are.</summary>
    public static int CountOf(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Dataset.Schema.InputCount + (plan.Preprocessing?.Features.Count(feature => feature.FlagMissing) ?? 0);
    }

    /// <summary>Their names in order. The values of an image have none.</summary>
    public static ImmutableArray<string> NamesOf(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Preprocessing is not { } preprocessing
            ? plan.Dataset.Schema.InputNames
            :
            [
                .. plan.Dataset.Schema.Features.Zip(preprocessing.Features).SelectMany(pair => (IEnumerable<string>)(pair.Second.FlagMissing
                    ? [.. pair.First.InputNames, FlagOf(pair.First)]
                    : pair.First.InputNames)),
            ];
    }
}
