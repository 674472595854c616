using System.Collections.Immutable;
using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Runs;

/// <summary>A committed model with its round and what hospitals measured of it.</summary>
[GenerateSerializer, Immutable, Alias("fo.ModelVersionView")]
public sealed record ModelVersionView
{
    /// <summary>The round's manifest.</summary>
    [Id(0)] public required RoundManifest Manifest { get; init; }

    /// <summary>Evaluations so far, in ordinal order of hospitals.</summary>
    [Id(1)] public ImmutableArray<HospitalEvaluation> Evaluations { get; init; } = [];

    /// <summary>What these evaluations say of all hospitals' test rows together; null where there is none.</summary>
    [Id(2)] public PooledMetrics? Pooled { get; init; }
}
