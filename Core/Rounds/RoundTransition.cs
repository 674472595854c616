using System.Collections.Immutable;

namespace FederatedOrleans.Rounds;

/// <summary>What an event made of a round.</summary>
/// <param name="State">The state after; the same object where nothing changed.</param>
/// <param name="Verdict">How the event was taken.</param>
/// <param name="Effects">What to do once the state is stored.</param>
public readonly record struct RoundTransition(RoundState State, RoundVerdict Verdict, ImmutableArray<RoundEffect> Effects);
