using System.Collections.Immutable;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Evaluation;

/// <summary>An evaluation of a committed model by every hospital of the run.</summary>
[GenerateSerializer, Immutable, Alias("fo.BeginEvaluation")]
public sealed record BeginEvaluation
{
    /// <summary>Digest of the plan.</summary>
    [Id(0)] public required ContentDigest PlanDigest { get; init; }

    /// <summary>The model.</summary>
    [Id(1)] public required ContentDigest Model { get; init; }

    /// <summary>Hospitals to ask.</summary>
    [Id(2)] public required ImmutableArray<string> Hospitals { get; init; }

    /// <summary>How long they may take.</summary>
    [Id(3)] public required TimeSpan Deadline { get; init; }

    /// <summary>A hospital not heard of for so long is not waited for.</summary>
    [Id(4)] public required TimeSpan LeaseTime { get; init; }

    /// <summary>What the statistics round has committed; none where the plan has no preprocessing.</summary>
    [Id(5)] public ContentDigest Statistics { get; init; }

    /// <summary>The model in use, with which it is compared; none where there is none.</summary>
    [Id(6)] public ContentDigest Incumbent { get; init; }

    /// <summary>Whether the label is a number, so that metrics are errors; absent in orders of versions that did not say.</summary>
    [Id(7)] public bool? IsNumeric { get; init; }

    /// <summary>Whether histograms of probabilities are wanted.</summary>
    [Id(8)] public bool TakesScores { get; init; }
}
