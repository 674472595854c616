using System.Collections.Immutable;
using FederatedOrleans.Models;

namespace FederatedOrleans.Training;

/// <summary>The trainers by the kind of model they train.</summary>
internal static class Trainers
{
    /// <summary>Kinds that this node can train.</summary>
    public static ImmutableArray<string> Kinds { get; } = [ModelKinds.LogisticRegression, ModelKinds.Rehearsal];

    /// <summary>The trainer of a kind of model.</summary>
    /// <exception cref="ArgumentException">This node has none.</exception>
    public static ITrainer For(string kind) => kind switch
    {
        ModelKinds.LogisticRegression => new SgdTrainer(new LogisticLoss()),
        ModelKinds.Rehearsal => new RehearsalTrainer(),
        _ => throw new ArgumentException($"This node has no trainer for '{kind}'.", nameof(kind)),
    };
}
