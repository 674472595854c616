using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Bench.Images;

/// <summary>What one run came to.</summary>
/// <param name="Metrics">Of its last model.</param>
/// <param name="SecondsARound">Median.</param>
internal sealed record ImagesResult(EvaluationMetrics Metrics, double SecondsARound)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"validation AUC {Metrics.Validation?.Auc:0.0000}, test AUC {Metrics.Auc:0.0000}, accuracy {Metrics.Accuracy:0.0000}, {SecondsARound:0.00} s a round";
}
