using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Training;

namespace FederatedOrleans.Evaluation;

/// <summary>Evaluates a committed model on rows of a hospital's own that it was not trained on.</summary>
internal static class ModelEvaluation
{
    /// <summary>The metrics of <paramref name="model"/> on the test rows, and on the validation rows where there are any.</summary>
    /// <exception cref="ArgumentException">The model is of another size or kind, or not finite.</exception>
    public static EvaluationMetrics Evaluate(TrainingPlan plan, ParameterVector model, PreparedDataset data)
    {
        if (model.Length != ModelSchema.For(plan).Length)
        {
            throw new ArgumentException($"The model has {model.Length:N0} parameters, the plan's has {ModelSchema.For(plan).Length:N0}.", nameof(model));
        }

        var metrics = On(plan, model, data.Test);
        return data.Validation.Count == 0 ? metrics : metrics with { Validation = On(plan, model, data.Validation) };
    }

    private static EvaluationMetrics On(TrainingPlan plan, ParameterVector model, PreparedRows rows) => plan.Model.Kind switch
    {
        ModelKinds.LogisticRegression => BinaryEvaluator.Evaluate(LogisticRegression.Probabilities(model, rows), rows.Labels),
        _ => throw new ArgumentException($"This node cannot evaluate '{plan.Model.Kind}'.", nameof(plan)),
    };
}
