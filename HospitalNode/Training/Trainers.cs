using System.Collections.Immutable;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>The trainers by the kind of model they train.</summary>
internal static class Trainers
{
    /// <summary>Kinds that this node can train.</summary>
    public static ImmutableArray<string> Kinds { get; } =
        [ModelKinds.LogisticRegression, ModelKinds.SoftmaxRegression, ModelKinds.MultilayerPerceptron, ModelKinds.Rehearsal];

    /// <summary>A trainer of a plan's kind of model, for one training at a time.</summary>
    /// <exception cref="ArgumentException">This node has none.</exception>
    public static ITrainer For(TrainingPlan plan) => plan.Model.Kind switch
    {
        ModelKinds.LogisticRegression => new SgdTrainer(new LogisticLoss()),
        ModelKinds.SoftmaxRegression or ModelKinds.MultilayerPerceptron => new SgdTrainer(DenseNetwork.For(plan)),
        ModelKinds.Rehearsal => new RehearsalTrainer(),
        _ => throw new ArgumentException($"This node has no trainer for '{plan.Model.Kind}'.", nameof(plan)),
    };
}
