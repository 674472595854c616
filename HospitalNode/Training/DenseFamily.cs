using System.Collections.Immutable;
using System.Numerics.Tensors;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>Softmax regression and multilayer perceptrons.</summary>
internal sealed class DenseFamily : IModelFamily
{
    private const int RowsBetweenLooks = 1024;

    /// <inheritdoc/>
    public ImmutableArray<string> Kinds { get; } = [ModelKinds.SoftmaxRegression, ModelKinds.MultilayerPerceptron];

    /// <inheritdoc/>
    public ITrainer TrainerOf(TrainingPlan plan) => new SgdTrainer(_ => DenseNetwork.For(plan));

    /// <inheritdoc/>
    public double[] Predict(TrainingPlan plan, ParameterVector model, PreparedRows rows, CancellationToken cancellationToken)
    {
        var network = DenseNetwork.For(plan);
        var parameters = new double[model.Length];
        TensorPrimitives.ConvertTruncating<float, double>(model.Span, parameters);
        var outputs = ModelSchema.OutputCount(plan);
        var probabilities = new double[checked(rows.Count * outputs)];
        var reader = rows.Open();
        for (var row = 0; row < rows.Count; row++)
        {
            if (row % RowsBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            network.Predict(parameters, reader.Row(row), probabilities.AsSpan(row * outputs, outputs));
        }

        return probabilities;
    }
}
