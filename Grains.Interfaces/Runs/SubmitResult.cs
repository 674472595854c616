using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Runs;

/// <summary>The run that a plan became, or everything that is wrong with the plan.</summary>
/// <param name="Run">Run id, where accepted.</param>
/// <param name="Faults">Faults, where refused.</param>
[GenerateSerializer, Immutable, Alias("fo.SubmitResult")]
public sealed record SubmitResult([property: Id(0)] string? Run, [property: Id(1)] ImmutableArray<PlanFault> Faults);
