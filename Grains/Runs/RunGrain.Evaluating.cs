using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Runs;

/// <summary>What follows from what hospitals measured of a version: the end of the run, by its plan or because it gets no better.</summary>
internal sealed partial class RunGrain
{
    private const int MostAlsoEvaluated = 1_000;
    private const int MostOpen = 4;

    public async Task EvaluationEndedAsync(int version, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (version != state.CommittedRounds || state.Status is RunStatus.None or RunStatus.Stopped or RunStatus.Completed or RunStatus.Held)
        {
            return;
        }

        if (_plan!.Evaluation.StopEarly is not null && IsEvaluated(version) && state.Stopping.Judged < version)
        {
            state = await JudgeAsync(state, version, cancellationToken);
        }

        if (state.Status is RunStatus.Evaluating or RunStatus.Completed)
        {
            var harm = await HarmAsync(state, cancellationToken);
            state = harm is null ? state with { Status = RunStatus.Completed } : state with { Status = RunStatus.Held, Reason = harm };
            await MoveAsync(state, state.Reason ?? "all rounds are committed and evaluated", cancellationToken);
        }
        else if (state.Status != State.Current.Status)
        {
            await MoveAsync(state, state.Reason!, cancellationToken);
        }
        else if (state != State.Current)
        {
            await State.WriteAsync(state, cancellationToken);
            DriveSoon();
        }
    }

    /// <summary>The state with a version's validation metric in it, ended where that says so.</summary>
    private async Task<RunState> JudgeAsync(RunState state, int version, CancellationToken cancellationToken)
    {
        var rule = _plan!.Evaluation.StopEarly!;
        var results = await Evaluation(version).ResultsAsync(cancellationToken);
        var values = EarlyStopping.ValuesOf(rule, results.Select(result => (result.Hospital, result.Metrics.Validation)));
        if (values.IsEmpty)
        {
            // People decide: the hospitals may have been away, or have no validation rows at all.
            var judged = state with { Stopping = state.Stopping with { Judged = version } };
            return state.Status != RunStatus.Running ? judged : judged with
            {
                Status = RunStatus.Paused,
                Attempt = state.Attempt + 1,
                Reason = $"no hospital reported {rule.Metric} on validation rows of version {version}, by which the plan ends early",
            };
        }

        var stopping = EarlyStopping.Judge(rule, state.Stopping, version, values);
        var next = state with { Stopping = stopping };
        return !EarlyStopping.Ends(rule, stopping) ? next : next with
        {
            // Also where it was paused meanwhile: there is nothing left to resume.
            Status = state.Status is RunStatus.Running or RunStatus.Paused ? RunStatus.Completed : state.Status,
            Reason = $"{stopping.Worse} evaluations in a row brought no better {rule.Metric} on validation rows than version {stopping.Best}, which is the one to take",
        };
    }

    public async Task<CommandResult> EvaluateAsync(int version, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (state.Status == RunStatus.None || version < 1 || version > state.CommittedRounds)
        {
            return CommandResult.Refused($"There is no committed version {version} of a run {Id}.");
        }

        if (!ModelKinds.IsEvaluated(_plan!.Model.Kind))
        {
            return CommandResult.Refused($"A {_plan.Model.Kind} is not evaluated.");
        }

        // Hospitals have one thing at a time in hand, and training must not wait behind looks at the past.
        var open = await Task.WhenAll(state.AlsoEvaluated.TakeLast(MostOpen).Select(also => Evaluation(also).IsOpenAsync(cancellationToken)));
        if (open.Count(isOpen => isOpen) >= MostOpen)
        {
            return CommandResult.Refused($"{MostOpen} versions of {Id} are being evaluated beside those of its plan: ask again when one is done.");
        }

        if (!IsEvaluated(version) && !state.AlsoEvaluated.Contains(version))
        {
            if (state.AlsoEvaluated.Length >= MostAlsoEvaluated)
            {
                return CommandResult.Refused($"{MostAlsoEvaluated:N0} versions of {Id} were evaluated beside those of its plan: that is all that can be.");
            }

            await State.WriteAsync(state with { AlsoEvaluated = state.AlsoEvaluated.Add(version) }, cancellationToken);
        }

        return await Evaluation(version).ReopenAsync(await OrderOfAsync(State.Current, version, cancellationToken), cancellationToken)
            ? CommandResult.Ok
            : CommandResult.Refused($"Version {version} of {Id} is being evaluated, or every hospital has: `fed run show` tells what they measure.");
    }

    private async Task<BeginEvaluation> OrderOfAsync(RunState state, int version, CancellationToken cancellationToken) => new()
    {
        PlanDigest = state.PlanDigest,
        Model = await ModelOfAsync(state, version, cancellationToken),
        Hospitals = await EligibleAsync(cancellationToken),
        Deadline = _plan!.Evaluation.Deadline,
        LeaseTime = _plan.Round.LeaseTime,
        Statistics = state.Statistics?.Model ?? default,
        Incumbent = state.Incumbent,
        IsNumeric = _plan.Dataset.Schema.LabelKind == LabelKind.Numeric,
        TakesScores = _plan.Evaluation.ScoreHistograms,
    };

    /// <summary>The version that is the run's result.</summary>
    private static int Candidate(RunState state) => state.BestVersion ?? state.CommittedRounds;

    /// <summary>Why the run's result is held back by the plan's rule; null where it is not.</summary>
    private async Task<string?> HarmAsync(RunState state, CancellationToken cancellationToken)
    {
        if (_plan!.Evaluation.NoHarm is not { } rule)
        {
            return null;
        }

        var version = Candidate(state);
        var results = await Evaluation(version).ResultsAsync(cancellationToken);
        var harms = NoHarm.Judge(rule, results.Select(result => (result.Hospital, result.Metrics)));

        // Who has trained it may be harmed by it, and nobody can say that it is not.
        var reasons = (await Evaluation(version).UnmeasuredAsync(cancellationToken)).ToDictionary(left => left.Hospital, left => left.Reason, StringComparer.Ordinal);
        var unmeasured = (await ManifestAsync(state, version, cancellationToken)).Participants.Select(update => update.Hospital)
            .Except(results.Select(result => result.Hospital), StringComparer.Ordinal)
            .Select(hospital => new LeftOut(hospital, reasons.GetValueOrDefault(hospital, "it was not asked")))
            .ToArray();
        if (harms.IsEmpty && unmeasured.Length == 0)
        {
            return null;
        }

        metrics.ModelHeld();
        return $"version {version} is held: " + string.Join("; ",
        [
            .. harms.Select(harm => harm is { Value: { } value, BaselineValue: { } baseline }
                ? $"at {harm.Hospital} its {rule.Metric} is {value:G4}, that of the {harm.Baseline} baseline {baseline:G4}"
                : $"{harm.Hospital} has not measured {(harm.Value is null ? $"its {rule.Metric}" : $"the {harm.Baseline} baseline")}"),
            .. unmeasured.Select(left => $"{left.Hospital} has not measured it ({left.Reason})"),
        ]);
    }

    /// <summary>Whether the next round waits for what hospitals measure of the version before it.</summary>
    private bool AwaitsEvaluation(RunState state) => _plan!.Evaluation.StopEarly is not null
        && state.CommittedRounds > 0 && IsEvaluated(state.CommittedRounds) && state.Stopping.Judged < state.CommittedRounds;
}
