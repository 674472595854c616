using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>Logistic and linear regression.</summary>
internal sealed class LinearFamily : IModelFamily
{
    /// <inheritdoc/>
    public ImmutableArray<string> Kinds { get; } = [ModelKinds.LogisticRegression, ModelKinds.LinearRegression];

    /// <inheritdoc/>
    public ITrainer TrainerOf(TrainingPlan plan) => new SgdTrainer(_ => IsLogistic(plan) ? new LogisticLoss() : new SquaredLoss());

    /// <inheritdoc/>
    public double[] Predict(TrainingPlan plan, ParameterVector model, PreparedRows rows, CancellationToken cancellationToken) =>
        LinearModel.Predict(model, rows, IsLogistic(plan) ? LogisticRegression.Probability : margin => margin, cancellationToken);

    private static bool IsLogistic(TrainingPlan plan) => plan.Model.Kind == ModelKinds.LogisticRegression;
}
