using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Runs;

/// <summary>One hospital's evaluation of a committed model.</summary>
/// <param name="Hospital">Hospital id.</param>
/// <param name="Metrics">Its metrics.</param>
[GenerateSerializer, Immutable, Alias("fo.HospitalEvaluation")]
public sealed record HospitalEvaluation([property: Id(0)] string Hospital, [property: Id(1)] EvaluationMetrics Metrics);
