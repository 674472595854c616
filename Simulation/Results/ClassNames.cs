using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Simulation.Results;

/// <summary>What classes are called.</summary>
internal static class ClassNames
{
    /// <summary>Names of a label's classes in their order; empty of a numeric label.</summary>
    public static ImmutableArray<string> ClassLabels(this DatasetSchema schema) =>
        schema.LabelKind == LabelKind.Binary ? [$"no {schema.Label}", schema.Label] : schema.LabelLevels;
}
