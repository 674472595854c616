using System.Collections.Immutable;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Models;
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

    /// <summary>What becomes of features before the model sees them, by statistics of all hospitals together; absent where each hospital standardises by its own.</summary>
    public PreprocessingPlan? Preprocessing { get; init; }

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

    /// <summary>Whether counts of a hospital's rows leave it, beside updates and metrics.</summary>
    public bool GathersStatistics => Preprocessing is not null || Evaluation.ScoreHistograms;

    /// <summary>The round before the first, in which statistics are gathered.</summary>
    public const int StatisticsRound = 0;

    /// <summary>The plan as it is in one of its rounds: in that of statistics the model is what is counted, and the update is added to nothing as it is.</summary>
    /// <param name="round">A round, from 0.</param>
    public TrainingPlan InRound(int round) => round != StatisticsRound ? this : this with
    {
        Model = new() { Kind = ModelKinds.Statistics },
        Training = new() { LearningRate = 1, BatchSize = 1 },
        Aggregator = Aggregator with { Name = Union.PolicyName },
        ServerOptimizer = new(),
        Transfer = new() { Compression = Transfer.Compression },
        Personalization = null,
    };
}
