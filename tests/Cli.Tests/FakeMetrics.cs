using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Cli.Tests;

internal static class FakeMetrics
{
    public static EvaluationMetrics One { get; } = new() { NumExamples = 60, Accuracy = 0.8125, Auc = 0.9, LogLoss = 0.5, MajorityRate = 0.54 };
}
