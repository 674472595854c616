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
    private const int MostLocals = 4;

    // By run, that of the longest ago first; the jobs of a site come one after the other.
    private readonly OrderedDictionary<string, LocalOnly> _locals = new(StringComparer.Ordinal);

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

        // What the link brings comes before what is computed, whose failures are for good.
        var incumbent = assignment.Incumbent.IsNone ? null : await cache.GetVectorAsync(assignment.Incumbent, model.Length, cancellationToken);
        try
        {
            var fitted = await FittedAsync(plan!, assignment.Statistics, cancellationToken);
            var metrics = await Computation.RunAsync(async () =>
            {
                var data = await PrepareAsync(assignment, plan!, memory, fitted, cancellationToken);
                if (data.Test.Count == 0)
                {
                    throw new DatasetException($"Dataset {plan!.Dataset.Name} has no test rows.");
                }

                Task<EvaluationMetrics> Measure(ParameterVector measured) =>
                    Task.Run(() => ModelEvaluation.Evaluate(trainers, plan!, measured, data, cancellationToken), cancellationToken);

                var global = await Measure(model);
                if (await OwnModelAsync(assignment, plan!, model, data, memory, activity, cancellationToken) is { } own)
                {
                    global = global with { Personal = await Measure(own) with { Validation = null, Scores = null } };
                }

                if (incumbent is not null)
                {
                    global = global with { Incumbent = await Measure(incumbent) with { Scores = null } };
                }

                return await LocalModelAsync(assignment, plan!, data, activity, cancellationToken) is { } local ? global with { Local = await Measure(local) with { Scores = null } } : global;
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

    /// <summary>What this hospital's rows alone come to after as many rounds, where the plan compares with it; null where it does not, or there is no such model yet.</summary>
    /// <remarks>Each evaluation trains the rounds since the one before; whatever ends it, the rounds that are done stay done, until the node ends.</remarks>
    private async Task<ParameterVector?> LocalModelAsync(
        SiteAssignment assignment, TrainingPlan plan, PreparedDataset data, SiteActivity activity, CancellationToken cancellationToken)
    {
        if (plan.Evaluation.NoHarm?.Baselines.Contains(NoHarm.Local) != true)
        {
            return null;
        }

        var run = assignment.Id.Run;
        var local = _locals.GetValueOrDefault(run);
        if (local is null || local.Round > assignment.Id.Round || !local.Iterator.Fits(data.Train.Count))
        {
            local = LocalOnly.Start(plan);
        }

        var request = RequestOf(assignment, plan, local.Model ?? ParameterVector.Zeros(0), data);
        var progress = new JobProgress(activity, assignment.Id);
        try
        {
            while (local.Round < assignment.Id.Round)
            {
                var before = local;
                local = await TrainAsync(
                    assignment, (gate, guarded) => before.Next(trainers, request with { Gate = gate }, progress, guarded), progress, cancellationToken);
                Keep(run, local, data.Train.Count);
            }

            return local.Model;
        }
        catch (UnavailableException unavailable)
        {
            // What is known of the global model is told all the same.
            LogUnavailable(logger, context.Hospital, assignment.Id, unavailable.Message);
            return null;
        }
    }

    private void Keep(string run, LocalOnly local, int rows)
    {
        if (_locals.GetValueOrDefault(run) is { } kept && kept.Round >= local.Round && kept.Iterator.Fits(rows))
        {
            // An older version is looked at again: the run goes on from the newest.
            return;
        }

        _locals.Remove(run);
        if (_locals.Count >= MostLocals)
        {
            _locals.RemoveAt(0);
        }

        _locals.Add(run, local);
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
