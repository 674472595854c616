using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>Rehearsals: updates of any size without a model.</summary>
internal sealed class RehearsalFamily : IModelFamily
{
    /// <inheritdoc/>
    public ImmutableArray<string> Kinds { get; } = [ModelKinds.Rehearsal];

    /// <inheritdoc/>
    public ITrainer TrainerOf(TrainingPlan plan) => new RehearsalTrainer();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Always: a rehearsal predicts nothing.</exception>
    public double[] Predict(TrainingPlan plan, ParameterVector model, PreparedRows rows, CancellationToken cancellationToken) =>
        throw new ArgumentException($"A {plan.Model.Kind} predicts nothing.", nameof(plan));
}
