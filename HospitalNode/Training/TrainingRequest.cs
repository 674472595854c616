using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>All that a trainer needs for one round at one hospital. Immutable, so that it may be worked on off the grain's turn.</summary>
internal sealed record TrainingRequest
{
    /// <summary>The plan.</summary>
    public required TrainingPlan Plan { get; init; }

    /// <summary>The hospital's id: its shuffles are its own.</summary>
    public required string Hospital { get; init; }

    /// <summary>The round, from 1.</summary>
    public required int Round { get; init; }

    /// <summary>The rows.</summary>
    public required PreparedDataset Data { get; init; }

    /// <summary>The global model x to start from.</summary>
    public required ParameterVector Model { get; init; }

    /// <summary>Where a model of the hospital's own stands, which is trained towards <see cref="Model"/>; absent where training starts from there.</summary>
    public ParameterVector? Start { get; init; }

    /// <summary>SCAFFOLD's c of the centre; absent where there is none, or it is zero still.</summary>
    public ParameterVector? Control { get; init; }

    /// <summary>SCAFFOLD's c_k of this hospital; absent where there is none, or it is zero still.</summary>
    public ParameterVector? OwnControl { get; init; }

    /// <summary>Where to go on in the rows.</summary>
    public required DataIteratorState Iterator { get; init; }

    /// <summary>Where training waits between two steps while the machine is not free for it; nowhere when absent.</summary>
    public PauseGate? Gate { get; init; }

    /// <summary>Most threads that a trainer may use, at least 1; a trainer that uses one thread need not look at it.</summary>
    public int MaxThreads { get; init; } = 1;

    /// <summary>Neither rows nor parameters.</summary>
    public override string ToString() => $"{Plan.Name} at {Hospital}";
}
