using System.Numerics.Tensors;
using FederatedOrleans.Models;
using FederatedOrleans.Objectives;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>What a hospital would have without the others: a model by as many rounds of the plan's local training on its own rows alone.</summary>
/// <param name="Round">Rounds that it has had.</param>
/// <param name="Model">The model after them; null where it has left the finite numbers: then the hospital has none.</param>
/// <param name="Iterator">Where the next one goes on in the rows.</param>
internal sealed record LocalOnly(int Round, ParameterVector? Model, DataIteratorState Iterator)
{
    /// <summary>Before its first round. Alone it would have no committed model to begin with.</summary>
    public static LocalOnly Start(TrainingPlan plan)
    {
        var initial = ModelKinds.HasHiddenUnits(plan.Model.Kind) ? InitialParameters.Uniform : InitialParameters.Zeros;
        var alone = plan.Model.From is null ? plan : plan with { Model = plan.Model with { Initial = initial, From = null } };
        return new(0, InitialParameters.For(alone), DataIteratorState.Start);
    }

    /// <summary>The next round.</summary>
    /// <param name="trainers">What the node can train.</param>
    /// <param name="request">A training of the plan at this hospital.</param>
    /// <param name="progress">Told of its steps.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    public LocalOnly Next(Trainers trainers, TrainingRequest request, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var isByGradient = ModelKinds.IsTrainedByGradient(request.Plan.Model.Kind);
        if (Model is null || (Round > 0 && !isByGradient))
        {
            return this with { Round = Round + 1 };
        }

        // Nothing pulls it to a global model, and its batches are its own.
        var plan = request.Plan with { Training = request.Plan.Training with { Objective = new() { Name = OwnLoss.PolicyName } } };
        try
        {
            var result = trainers.For(plan).Train(
                request with
                {
                    Plan = plan,
                    Round = Round + 1,
                    Model = Model,

                    // In an ensemble of trees a hospital's place goes by its id.
                    Hospital = isByGradient ? $"{request.Hospital}/local" : request.Hospital,
                    Control = null,
                    OwnControl = null,
                    Iterator = Iterator,
                },
                progress,
                cancellationToken);
            var moved = new float[Model.Length];
            TensorPrimitives.Add(Model.Span, result.Update.Span, moved);
            var model = new ParameterVector(moved);
            return new(Round + 1, model.IsFinite ? model : null, result.Next);
        }
        catch (TrainingDivergedException)
        {
            return new(Round + 1, null, DataIteratorState.Start);
        }
    }
}
