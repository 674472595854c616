using System.Collections.Immutable;
using System.Numerics.Tensors;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>Ensembles of boosted trees by Microsoft.ML.FastTree, those of the hospitals side by side.</summary>
internal sealed class TreeFamily : IModelFamily
{
    private const int RowsBetweenLooks = 4096;

    /// <inheritdoc/>
    public ImmutableArray<string> Kinds { get; } = [ModelKinds.TreeEnsemble];

    /// <inheritdoc/>
    public ITrainer TrainerOf(TrainingPlan plan) => new TreeTrainer();

    /// <inheritdoc/>
    public double[] Predict(TrainingPlan plan, ParameterVector model, PreparedRows rows, CancellationToken cancellationToken)
    {
        var ensemble = BaggedTrees.Read(TreeLayout.Of(plan), model.Span, rows.InputCount);
        var probabilities = new double[rows.Count];
        var inputs = new float[rows.InputCount];
        var reader = rows.Open();
        for (var row = 0; row < probabilities.Length; row++)
        {
            if (row % RowsBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            TensorPrimitives.ConvertTruncating(reader.Row(row), inputs);
            probabilities[row] = ensemble.Probability(inputs);
        }

        return probabilities;
    }
}
