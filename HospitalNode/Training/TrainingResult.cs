using FederatedOrleans.Models;

namespace FederatedOrleans.Training;

/// <summary>What training leaves behind: an update for the operator, and what stays with the participant.</summary>
internal sealed record TrainingResult
{
    /// <summary>y - x as float32: the local model less the global one; with control variates c_k' - c_k after it.</summary>
    public required ParameterVector Update { get; init; }

    /// <summary>Training rows of the hospital: the update's weight.</summary>
    public required long NumExamples { get; init; }

    /// <summary>Where the next round goes on in the rows.</summary>
    public required DataIteratorState Next { get; init; }

    /// <summary>SCAFFOLD's c_k' of this hospital; absent where the plan has no control variates.</summary>
    public ParameterVector? OwnControl { get; init; }

    /// <summary>Mean loss in nats over the rows seen, each taken just before the step that it moved.</summary>
    public required double MeanLoss { get; init; }
}
