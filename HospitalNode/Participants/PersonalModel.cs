using FederatedOrleans.Models;
using FederatedOrleans.Personalization;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>Training of a model of the hospital's own.</summary>
internal static class PersonalModel
{
    /// <summary>Trains it on. Null where it left the finite numbers: that is no reason to fail the round for the global model.</summary>
    /// <param name="trainers">What the node can train.</param>
    /// <param name="request">The training of the global model that it goes along with.</param>
    /// <param name="own">Where it stands; the global model where it has not begun.</param>
    /// <param name="iterator">Where it goes on in the rows.</param>
    /// <param name="progress">Told of its steps.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    public static (ParameterVector Model, DataIteratorState Next)? Train(
        Trainers trainers,
        TrainingRequest request,
        ParameterVector? own,
        DataIteratorState iterator,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var plan = Personalizations.PlanOf(request.Plan);
        TrainingResult result;
        try
        {
            result = trainers.For(plan).Train(
                request with
                {
                    Plan = plan,

                    // Its batches are its own: the global model's position in the rows must not depend on it.
                    Hospital = $"{request.Hospital}/personal",
                    Start = own,
                    Control = null,
                    OwnControl = null,
                    Iterator = iterator,
                },
                progress,
                cancellationToken);
        }
        catch (TrainingDivergedException)
        {
            return null;
        }

        var model = new float[request.Model.Length];
        for (var i = 0; i < model.Length; i++)
        {
            model[i] = request.Model.Span[i] + result.Update.Span[i];
        }

        return (new(model), result.Next);
    }
}
