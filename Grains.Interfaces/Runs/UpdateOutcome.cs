using FederatedOrleans.Identity;

namespace FederatedOrleans.Runs;

/// <summary>How an attempt ended for one hospital.</summary>
/// <param name="Decision">Whether the attempt is decided.</param>
/// <param name="Included">Digest of the hospital's update in the committed model; none where it is not in it.</param>
[GenerateSerializer, Immutable, Alias("fo.UpdateOutcome")]
public sealed record UpdateOutcome([property: Id(0)] RoundDecision Decision, [property: Id(1)] ContentDigest Included);
