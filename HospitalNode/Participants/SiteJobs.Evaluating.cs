using FederatedOrleans.Data;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Personalization;
using FederatedOrleans.Plans;
using FederatedOrleans.Site.Availability;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>Evaluation of committed models, and of those of the hospital's own beside them.</summary>
internal sealed partial class SiteJobs
{
    // Of the run evaluated last.
    private (string Run, PreparedDataset Data, ParameterVector? Model)? _local;

    /// <summary>Evaluates a committed model on the test rows and reports. True where nothing is left to do.</summary>
    public async Task<bool> EvaluateAsync(
        SiteAssignment assignment, SitePlans plans, SiteConsent consent, SiteActivity activity, CancellationToken cancellationToken)
    {
        var plan = await plans.GetAsync(assignment.PlanDigest, cancellationToken);
        var refusal = await consent.AskAsync(plan, assignment.PlanDigest, cancellationToken);
        if (refusal != SiteRefusal.None)
        {
            await link.AnswerAsync(assignment.Id, refusal, cancellationToken);
            return true;
        }

        switch (await availability.AskAsync(board.DeadlineOf(assignment), cancellationToken))
        {
            case null:
                // It opens in time: tried again until then.
                return false;
            case { } unavailable when unavailable != SiteRefusal.None:
                await link.AnswerAsync(assignment.Id, unavailable, cancellationToken);
                return true;
        }

        var model = await cache.GetVectorAsync(assignment.Model, ModelSchema.For(plan!).Length, cancellationToken);
        if (await settlement.OpenAsync(assignment.Id.Run, cancellationToken) is { } open)
        {
            // What the included update leaves behind is how this hospital's inputs are standardised.
            await settlement.SettleAsync(open, cancellationToken);
        }

        var memory = (await Participant(assignment).StateAsync(cancellationToken)).Memory;
        try
        {
            var metrics = await Computation.RunAsync(async () =>
            {
                var data = await PrepareAsync(assignment, plan!, memory, cancellationToken);
                if (data.Test.Count == 0)
                {
                    throw new DatasetException($"Dataset {plan!.Dataset.Name} has no test rows.");
                }

                Task<EvaluationMetrics> Measure(ParameterVector measured) =>
                    Task.Run(() => ModelEvaluation.Evaluate(trainers, plan!, measured, data, cancellationToken), cancellationToken);

                var global = await Measure(model);
                if (await OwnModelAsync(assignment, plan!, model, data, memory, activity, cancellationToken) is { } own)
                {
                    global = global with { Personal = await Measure(own) with { Validation = null } };
                }

                if (!assignment.Incumbent.IsNone)
                {
                    global = global with { Incumbent = await Measure(await cache.GetVectorAsync(assignment.Incumbent, model.Length, cancellationToken)) };
                }

                return await LocalModelAsync(assignment, plan!, data, activity, cancellationToken) is { } local ? global with { Local = await Measure(local) } : global;
            });
            await link.ReportEvaluationAsync(assignment.Id, metrics, cancellationToken);
            activity.Finished();
        }
        catch (Exception exception) when (JobFault.Of(exception) is { } failure)
        {
            Tell(assignment, exception, activity);
            await link.AnswerAsync(
                assignment.Id, failure == SiteFailure.DataFaulty ? SiteRefusal.DataFaulty : SiteRefusal.Failed, cancellationToken);
        }

        return true;
    }

    /// <summary>What this hospital's rows alone come to, where the plan compares with it; null where it does not, or there is no such model.</summary>
    /// <remarks>It is the same in every evaluation of a run, so that it is trained in the first, and again after a restart.</remarks>
    private async Task<ParameterVector?> LocalModelAsync(
        SiteAssignment assignment, TrainingPlan plan, PreparedDataset data, SiteActivity activity, CancellationToken cancellationToken)
    {
        if (plan.Evaluation.NoHarm?.Baselines.Contains(NoHarm.Local) != true)
        {
            return null;
        }

        if (_local is var (run, rows, known) && run == assignment.Id.Run && ReferenceEquals(rows, data))
        {
            return known;
        }

        // Alone it would have no committed model to begin with.
        var start = plan.Model.From is null ? plan : plan with { Model = plan.Model with { Initial = InitialParameters.Uniform, From = null } };
        var request = RequestOf(assignment, plan, InitialParameters.For(start), data);
        var progress = new JobProgress(activity, assignment.Id);
        var model = await TrainAsync(
            assignment, (gate, guarded) => LocalOnly.Train(trainers, request with { Gate = gate }, progress, guarded), progress, cancellationToken);
        _local = (assignment.Id.Run, data, model);
        return model;
    }

    private TrainingRequest RequestOf(SiteAssignment assignment, TrainingPlan plan, ParameterVector model, PreparedDataset data) => new()
    {
        Plan = plan,
        Hospital = context.Hospital,
        Round = assignment.Id.Round,
        Data = data,
        Model = model,
        Iterator = DataIteratorState.Start,
        MaxThreads = availability.MaxThreads,
    };

    /// <summary>The hospital's own model at an evaluation; null where the plan has none, or it is not trained yet.</summary>
    private async Task<ParameterVector?> OwnModelAsync(
        SiteAssignment assignment,
        TrainingPlan plan,
        ParameterVector model,
        PreparedDataset data,
        ParticipantMemory memory,
        SiteActivity activity,
        CancellationToken cancellationToken)
    {
        if (plan.Personalization is not { } personalization)
        {
            return null;
        }

        if (personalization.Name == Personalizations.Ditto)
        {
            return await PersonalAsync(assignment, memory, model.Length, cancellationToken);
        }

        var request = RequestOf(assignment, plan, model, data);
        var progress = new JobProgress(activity, assignment.Id);
        ParameterVector? tuned;
        try
        {
            tuned = await TrainAsync(
                assignment,
                (gate, guarded) => PersonalModel.Train(trainers, request with { Gate = gate }, null, DataIteratorState.Start, progress, guarded)?.Model,
                progress,
                cancellationToken);
        }
        catch (UnavailableException unavailable)
        {
            // What is known of the global model is told all the same.
            LogUnavailable(logger, context.Hospital, assignment.Id, unavailable.Message);
            return null;
        }

        if (tuned is null)
        {
            LogPersonalDiverged(logger, context.Hospital, assignment.Id);
        }

        return tuned;
    }
}
