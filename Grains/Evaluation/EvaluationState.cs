using System.Collections.Immutable;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Evaluation;

/// <summary>What the evaluation of one version stores.</summary>
[GenerateSerializer, Immutable, Alias("fo.EvaluationState")]
public sealed record EvaluationState
{
    /// <summary>What was ordered.</summary>
    [Id(0)] public BeginEvaluation? Order { get; init; }

    /// <summary>When it ends at the latest.</summary>
    [Id(1)] public DateTimeOffset Deadline { get; init; }

    /// <summary>Results in ordinal order of hospitals.</summary>
    [Id(2)] public ImmutableArray<HospitalEvaluation> Results { get; init; } = [];

    /// <summary>Hospitals that can't evaluate, with their reasons.</summary>
    [Id(3)] public ImmutableArray<LeftOut> Declined { get; init; } = [];

    /// <summary>Whether nothing more is taken.</summary>
    [Id(4)] public bool Ended { get; init; }
}
