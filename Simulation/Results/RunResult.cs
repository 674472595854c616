using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Simulation.Results;

/// <summary>How a simulated run ended.</summary>
/// <param name="Status">Where it stood.</param>
/// <param name="Reason">Why it was paused, held or stopped.</param>
/// <param name="Rounds">Rounds asked for.</param>
/// <param name="CommittedRounds">Rounds committed.</param>
/// <param name="ModelVersion">The model that it gives: the best by validation where the plan ends early by that, else the latest; absent where there is none.</param>
/// <param name="ModelDigest">Its digest.</param>
internal sealed record RunResult(RunStatus Status, string? Reason, int Rounds, int CommittedRounds, int? ModelVersion, ContentDigest? ModelDigest)
{
    /// <summary>That of a run.</summary>
    public static RunResult Of(RunSummary summary, ImmutableArray<ModelVersionView> versions)
    {
        var version = summary.BestVersion ?? (versions.IsEmpty ? null : versions[^1].Manifest.Round);
        return new(
            summary.Status,
            summary.Reason,
            summary.Rounds,
            summary.CommittedRounds,
            version,
            version is { } round ? versions[round - 1].Manifest.ModelAfter : null);
    }
}
