using System.Numerics.Tensors;
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
        ModelKinds.MultilayerPerceptron when plan.Dataset.Schema.LabelKind == LabelKind.Binary =>
            BinaryEvaluator.Evaluate(Probabilities(plan, model, rows), rows.Labels),
        ModelKinds.SoftmaxRegression or ModelKinds.MultilayerPerceptron =>
            MulticlassEvaluator.Evaluate(Probabilities(plan, model, rows), rows.Labels),
        _ => throw new ArgumentException($"This node cannot evaluate '{plan.Model.Kind}'.", nameof(plan)),
    };

    /// <summary>Row by row, of the positive label or of each class.</summary>
    private static double[] Probabilities(TrainingPlan plan, ParameterVector model, PreparedRows rows)
    {
        var network = DenseNetwork.For(plan);
        var parameters = new double[model.Length];
        TensorPrimitives.ConvertTruncating<float, double>(model.Span, parameters);
        var outputs = plan.Dataset.Schema.LabelKind == LabelKind.Binary ? 1 : plan.Dataset.Schema.ClassCount;
        var probabilities = new double[checked(rows.Count * outputs)];
        for (var row = 0; row < rows.Count; row++)
        {
            network.Predict(parameters, rows.Row(row), probabilities.AsSpan(row * outputs, outputs));
        }

        return probabilities;
    }
}
