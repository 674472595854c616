using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Training;

namespace FederatedOrleans.Evaluation;

/// <summary>Evaluates a committed model on a hospital's own test rows.</summary>
internal static class ModelEvaluation
{
    /// <summary>The metrics of <paramref name="model"/>.</summary>
    /// <exception cref="ArgumentException">The model is of another size or kind, or not finite.</exception>
    public static EvaluationMetrics Evaluate(TrainingPlan plan, ParameterVector model, PreparedDataset data)
    {
        if (model.Length != ModelSchema.For(plan).Length)
        {
            throw new ArgumentException($"The model has {model.Length:N0} parameters, the plan's has {ModelSchema.For(plan).Length:N0}.", nameof(model));
        }

        return plan.Model.Kind switch
        {
            ModelKinds.LogisticRegression => BinaryEvaluator.Evaluate(LogisticRegression.Probabilities(model, data.Test), data.Test.Labels),
            _ => throw new ArgumentException($"This node cannot evaluate '{plan.Model.Kind}'.", nameof(plan)),
        };
    }
}
