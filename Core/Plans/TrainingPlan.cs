using System.Collections.Immutable;
using FederatedOrleans.Rounds;

namespace FederatedOrleans.Plans;

/// <summary>What a run does: data, model, local training, aggregation, server optimizer and the rules of its rounds.</summary>
/// <remarks>A plan's digest is that of the bytes as submitted. <see cref="TrainingPlanReader"/> reads and validates them.</remarks>
public sealed record TrainingPlan
{
    /// <summary>The version of the plan format that this build reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the format; 1.</summary>
    public required int Version { get; init; }

    /// <summary>The study's name, an id.</summary>
    public required string Name { get; init; }

    /// <summary>The data.</summary>
    public required DatasetPlan Dataset { get; init; }

    /// <summary>The model.</summary>
    public required ModelPlan Model { get; init; }

    /// <summary>Local training.</summary>
    public required LocalTrainingPlan Training { get; init; }

    /// <summary>Rounds to commit, 1 to 100,000.</summary>
    public required int Rounds { get; init; }

    /// <summary>Seed of everything random that is not secret: initial weights, shuffling, cohort selection.</summary>
    public long Seed { get; init; }

    /// <summary>How updates become one.</summary>
    public AggregatorPlan Aggregator { get; init; } = new();

    /// <summary>How the aggregate moves the model.</summary>
    public ServerOptimizerPlan ServerOptimizer { get; init; } = new();

    /// <summary>How updates travel.</summary>
    public TransferPlan Transfer { get; init; } = new();

    /// <summary>How hospitals come to models of their own; absent where they do not.</summary>
    public PersonalizationPlan? Personalization { get; init; }

    /// <summary>When the model is evaluated.</summary>
    public EvaluationPlan Evaluation { get; init; } = new();

    /// <summary>The rules of a round.</summary>
    public RoundOptions Round { get; init; } = new();

    /// <summary>Hospitals that may take part; all enrolled ones when empty.</summary>
    public ImmutableArray<string> Hospitals { get; init; } = [];
}
