using System.Collections.Immutable;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Simulation.Results;

/// <summary>The plan of a simulated study.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digest">Digest of its bytes, with the rounds that it was run with.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="ModelKind">The kind of model.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="Classes">Names of the label's classes in their order; empty of a numeric label.</param>
internal sealed record PlanResult(string Name, ContentDigest Digest, long Seed, string ModelKind, string Dataset, ImmutableArray<string> Classes);
