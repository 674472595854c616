using System.Collections.Immutable;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Operators;

/// <summary>What the pages show beside a run.</summary>
/// <param name="Runs">Runs, the newest first.</param>
/// <param name="Hospitals">Hospitals in ordinal order.</param>
internal sealed record FederationSnapshot(ImmutableArray<RunSummary> Runs, ImmutableArray<HospitalView> Hospitals);
