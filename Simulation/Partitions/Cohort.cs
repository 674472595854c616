using System.Collections.Immutable;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>The hospitals that a partition makes.</summary>
/// <param name="Hospitals">In ordinal order of their ids.</param>
/// <param name="Draws">Draws until every one of them had enough rows; 0 where nothing is drawn.</param>
/// <param name="LeftOut">Rows that are at no hospital, since they are in no group.</param>
internal sealed record Cohort(ImmutableArray<CohortHospital> Hospitals, int Draws, int LeftOut);
