namespace FederatedOrleans.Aggregation;

/// <summary>A group's updates added up, or that the activation is lost.</summary>
[GenerateSerializer, Immutable, Alias("fo.SumResult")]
public sealed record SumResult
{
    /// <summary>True where this activation does not hold the set.</summary>
    [Id(0)] public bool Lost { get; init; }

    /// <summary>Updates in the sum.</summary>
    [Id(1)] public int Count { get; init; }

    /// <summary>Training rows behind them.</summary>
    [Id(2)] public long TotalExamples { get; init; }
}
