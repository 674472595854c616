using System.Collections.Immutable;

namespace FederatedOrleans.Evaluation;

/// <summary>How a run's validation metric has gone so far.</summary>
[GenerateSerializer, Immutable, Alias("fo.EarlyStoppingState")]
public sealed record EarlyStoppingState
{
    /// <summary>The version judged last; 0 before the first.</summary>
    [Id(0)] public int Judged { get; init; }

    /// <summary>The best version so far; 0 before the first.</summary>
    [Id(1)] public int Best { get; init; }

    /// <summary>Its metric at each hospital that has it.</summary>
    [Id(2)] public ImmutableArray<ValidationValue> BestValues { get; init; } = [];

    /// <summary>Versions judged since that are no better.</summary>
    [Id(3)] public int Worse { get; init; }
}
