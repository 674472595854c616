using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Simulation.Results;

/// <summary>A committed version of a simulated run.</summary>
internal sealed record VersionResult
{
    /// <summary>The round that committed it.</summary>
    public required int Version { get; init; }

    /// <summary>The model's digest.</summary>
    public required ContentDigest Model { get; init; }

    /// <summary>The attempt at the round that was committed.</summary>
    public required int Attempt { get; init; }

    /// <summary>Hospitals whose updates it holds.</summary>
    public required ImmutableArray<string> Participants { get; init; }

    /// <summary>Hospitals that were left out, and why.</summary>
    public required ImmutableArray<LeftOut> LeftOut { get; init; }

    /// <summary>What all test rows together say; absent where it was not evaluated.</summary>
    public PooledMetrics? Pooled { get; init; }

    /// <summary>What each hospital measures.</summary>
    public required IReadOnlyDictionary<string, EvaluationMetrics> Hospitals { get; init; }

    /// <summary>That of a version.</summary>
    public static VersionResult Of(ModelVersionView view) => new()
    {
        Version = view.Manifest.Round,
        Model = view.Manifest.ModelAfter,
        Attempt = view.Manifest.Attempt,
        Participants = [.. view.Manifest.Participants.Select(update => update.Hospital)],
        LeftOut = view.Manifest.LeftOut,
        Pooled = view.Pooled,
        Hospitals = view.Evaluations.ToImmutableSortedDictionary(evaluation => evaluation.Hospital, evaluation => evaluation.Metrics, StringComparer.Ordinal),
    };
}
