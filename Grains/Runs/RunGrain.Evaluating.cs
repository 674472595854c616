using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Runs;

/// <summary>What follows from what hospitals measured of a version: the end of the run, by its plan or because it gets no better.</summary>
internal sealed partial class RunGrain
{
    public async Task EvaluationEndedAsync(int version, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (version != state.CommittedRounds || state.Status is RunStatus.None or RunStatus.Stopped or RunStatus.Completed)
        {
            return;
        }

        if (_plan!.Evaluation.StopEarly is not null && state.Stopping.Judged < version)
        {
            state = await JudgeAsync(state, version, cancellationToken);
        }

        if (state.Status == RunStatus.Evaluating)
        {
            await MoveAsync(
                state with { Status = RunStatus.Completed }, state.Reason ?? "all rounds are committed and evaluated", cancellationToken);
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

    /// <summary>Whether the next round waits for what hospitals measure of the version before it.</summary>
    private bool AwaitsEvaluation(RunState state) => _plan!.Evaluation.StopEarly is not null
        && state.CommittedRounds > 0 && IsEvaluated(state.CommittedRounds) && state.Stopping.Judged < state.CommittedRounds;
}
