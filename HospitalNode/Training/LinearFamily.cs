using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>Logistic regression.</summary>
internal sealed class LinearFamily : IModelFamily
{
    /// <inheritdoc/>
    public ImmutableArray<string> Kinds { get; } = [ModelKinds.LogisticRegression];

    /// <inheritdoc/>
    public ITrainer TrainerOf(TrainingPlan plan) => new SgdTrainer(_ => new LogisticLoss());

    /// <inheritdoc/>
    public double[] Predict(TrainingPlan plan, ParameterVector model, PreparedRows rows, CancellationToken cancellationToken) =>
        LogisticRegression.Probabilities(model, rows, cancellationToken);
}
