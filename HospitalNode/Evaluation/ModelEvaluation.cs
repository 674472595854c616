using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Training;

namespace FederatedOrleans.Evaluation;

/// <summary>Evaluates a committed model on rows of a hospital's own that it was not trained on.</summary>
internal static class ModelEvaluation
{
    /// <summary>The metrics of <paramref name="model"/> on the test rows, and on the validation rows where there are any.</summary>
    /// <param name="trainers">What the node can train and evaluate.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">The hospital's rows.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    /// <exception cref="ArgumentException">The model is of another size or kind, or not finite.</exception>
    public static EvaluationMetrics Evaluate(
        Trainers trainers, TrainingPlan plan, ParameterVector model, PreparedDataset data, CancellationToken cancellationToken = default)
    {
        if (model.Length != ModelSchema.For(plan).Length)
        {
            throw new ArgumentException($"The model has {model.Length:N0} parameters, the plan's has {ModelSchema.For(plan).Length:N0}.", nameof(model));
        }

        var family = trainers.FamilyOf(plan);
        EvaluationMetrics OfBinary(double[] probabilities, double[] labels) => BinaryEvaluator.Evaluate(probabilities, labels) with
        {
            Scores = plan.Evaluation.ScoreHistograms ? ScoreIntervals.Of(probabilities, labels, Math.Max(data.MinimumCell, plan.Preprocessing?.MinimumCell ?? 1)) : null,
        };

        EvaluationMetrics On(PreparedRows rows)
        {
            var predictions = family.Predict(plan, model, rows, cancellationToken);
            return plan.Dataset.Schema.LabelKind switch
            {
                LabelKind.Binary => OfBinary(predictions, rows.Labels()),
                LabelKind.Categorical => MulticlassEvaluator.Evaluate(predictions, rows.Labels()),
                _ => RegressionEvaluator.Evaluate(InUnit(predictions, data.LabelScale), InUnit(rows.Labels(), data.LabelScale)),
            };
        }

        var metrics = On(data.Test);
        return data.Validation.Count == 0 ? metrics : metrics with { Validation = On(data.Validation) with { Scores = null } };
    }

    /// <summary>Values of a numeric label in its own unit, where a model learns them scaled.</summary>
    private static double[] InUnit(double[] values, ScaledInput? scale) =>
        scale is null ? values : [.. values.Select(value => (value * scale.Scale) + scale.Mean)];
}
