using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>What a node can train: model families by the kinds of model they know. Immutable; safe to share between threads.</summary>
internal sealed class Trainers
{
    private readonly ImmutableDictionary<string, IModelFamily> _families;

    /// <summary>The families that every node has, and more.</summary>
    /// <exception cref="ArgumentException">Two families know the same kind.</exception>
    public Trainers(params ReadOnlySpan<IModelFamily> more)
    {
        var families = ImmutableDictionary.CreateBuilder<string, IModelFamily>(StringComparer.Ordinal);
        foreach (var family in (ReadOnlySpan<IModelFamily>)[new LinearFamily(), new DenseFamily(), new TreeFamily(), new RehearsalFamily(), .. more])
        {
            foreach (var kind in family.Kinds)
            {
                families.Add(kind, family);
            }
        }

        _families = families.ToImmutable();
    }

    /// <summary>The families that every node has.</summary>
    public static Trainers BuiltIn { get; } = new();

    /// <summary>Kinds that this node can train, in ordinal order.</summary>
    public ImmutableArray<string> Kinds => [.. _families.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether it can train a kind of model.</summary>
    public bool Knows(string kind) => _families.ContainsKey(kind);

    /// <summary>The family of a plan's kind of model.</summary>
    /// <exception cref="ArgumentException">This node has none.</exception>
    public IModelFamily FamilyOf(TrainingPlan plan) => _families.GetValueOrDefault(plan.Model.Kind)
        ?? throw new ArgumentException($"This node has no trainer for '{plan.Model.Kind}'.", nameof(plan));

    /// <summary>A trainer of a plan's kind of model, for one training at a time.</summary>
    /// <exception cref="ArgumentException">This node has none.</exception>
    public ITrainer For(TrainingPlan plan) => FamilyOf(plan).TrainerOf(plan);
}
