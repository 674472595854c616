using System.Collections.Immutable;
using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Simulation.Reports;

/// <summary>One model at every hospital.</summary>
/// <param name="Model">Its name: a hospital's id for a model of that hospital's rows alone.</param>
/// <param name="Metrics">What each hospital measures of it on its test rows, in the hospitals' order.</param>
public sealed record CrossSiteRow(string Model, ImmutableArray<EvaluationMetrics> Metrics);
