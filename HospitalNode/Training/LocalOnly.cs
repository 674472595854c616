using System.Numerics.Tensors;
using FederatedOrleans.Models;
using FederatedOrleans.Objectives;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>What a hospital would have without the others: a model from the run's start, by as many rounds of local training on its own rows alone.</summary>
internal static class LocalOnly
{
    /// <summary>Trains it. Null where it leaves the finite numbers: then the hospital has no such model.</summary>
    /// <param name="trainers">What the node can train.</param>
    /// <param name="request">A training of the plan, whose model is the run's start.</param>
    /// <param name="progress">Told of its steps, round by round.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    public static ParameterVector? Train(
        Trainers trainers, TrainingRequest request, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        // Nothing pulls it to a global model, and its batches are its own.
        var plan = request.Plan with { Training = request.Plan.Training with { Objective = new() { Name = OwnLoss.PolicyName } } };
        var isByGradient = ModelKinds.IsTrainedByGradient(plan.Model.Kind);
        var own = request with
        {
            Plan = plan,

            // In an ensemble of trees a hospital's place goes by its id.
            Hospital = isByGradient ? $"{request.Hospital}/local" : request.Hospital,
            Control = null,
            OwnControl = null,
            Iterator = DataIteratorState.Start,
        };
        var rounds = isByGradient ? plan.Rounds : 1;
        try
        {
            for (var round = 1; round <= rounds; round++)
            {
                var result = trainers.For(plan).Train(own with { Round = round }, progress, cancellationToken);
                var moved = new float[own.Model.Length];
                TensorPrimitives.Add(own.Model.Span, result.Update.Span, moved);
                own = own with { Model = new(moved), Iterator = result.Next };
            }
        }
        catch (TrainingDivergedException)
        {
            return null;
        }

        return own.Model.IsFinite ? own.Model : null;
    }
}
