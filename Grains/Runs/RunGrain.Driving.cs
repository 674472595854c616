using System.Collections.Immutable;
using FederatedOrleans.Availability;
using FederatedOrleans.Blobs;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Federation;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Rounds;

namespace FederatedOrleans.Runs;

/// <summary>What the stored state asks for: attempts begun, waited for and ended, evaluations ordered.</summary>
internal sealed partial class RunGrain
{
    /// <summary>Does what the stored state asks for: ends a given-up attempt, orders evaluations, begins the attempt that is due.</summary>
    private async Task DriveAsync(CancellationToken cancellationToken)
    {
        var state = State.Current;
        if (state.Status is RunStatus.Running or RunStatus.Evaluating)
        {
            DelayDeactivation(TimeSpan.FromMinutes(5));
        }

        if (_clock.Look() != TimeSpan.Zero)
        {
            // What the next attempt waits for is looked at again by the clock as it is: it may have been set back by days.
            _lookAt = time.GetUtcNow();
        }

        try
        {
            if (_toEnd is var (round, attempt))
            {
                await Coordinator(round).DecidedAsync(attempt, RoundDecision.NotCommitted, cancellationToken);
                _toEnd = null;
            }

            if (state.Status == RunStatus.Evaluating && !ModelKinds.IsEvaluated(_plan!.Model.Kind))
            {
                await MoveAsync(state with { Status = RunStatus.Completed }, "all rounds of the rehearsal are committed", cancellationToken);
                return;
            }

            await OrderEvaluationAsync(state, cancellationToken);
            if (state.Status == RunStatus.Running && _begun != (state.Round, state.Attempt) && IsDue(state) && !AwaitsEvaluation(state))
            {
                await BeginRoundAsync(state, cancellationToken);
            }

            await KeepAwakeAsync(cancellationToken);
            await Reminder.KeepAsync(State.Current.Status is RunStatus.Running or RunStatus.Evaluating, cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The next tick converges from the same stored state.
            LogDriveFailed(logger, exception, Id);
        }
    }

    /// <summary>Calls what is under way: a grain whose activation was lost has no timer, and goes on only when somebody calls it.</summary>
    private async Task KeepAwakeAsync(CancellationToken cancellationToken)
    {
        var state = State.Current;
        if (state.Status == RunStatus.Running && _begun == (state.Round, state.Attempt))
        {
            await Coordinator(state.Round).ViewAsync(cancellationToken);
        }

        if (!_isAlsoWoken)
        {
            // Those that somebody asked for go on by themselves once they are there.
            _isAlsoWoken = true;
            await Task.WhenAll(state.AlsoEvaluated.TakeLast(MostOpen).Select(version => Evaluation(version).IsOpenAsync(cancellationToken)));
        }

        if (state.Status is not (RunStatus.Completed or RunStatus.Held) && _evaluationsBegun.Contains(state.CommittedRounds))
        {
            await Evaluation(state.CommittedRounds).ResultsAsync(cancellationToken);
        }
    }

    private async Task OrderEvaluationAsync(RunState state, CancellationToken cancellationToken)
    {
        var version = state.CommittedRounds;
        if (version == 0 || !ModelKinds.IsEvaluated(_plan!.Model.Kind) || !IsEvaluated(version) || state.Status is RunStatus.Completed or RunStatus.Held || !_evaluationsBegun.Add(version))
        {
            return;
        }

        try
        {
            await Evaluation(version).BeginAsync(await OrderOfAsync(state, version, cancellationToken), cancellationToken);
        }
        catch
        {
            _evaluationsBegun.Remove(version);
            throw;
        }
    }

    private async Task BeginRoundAsync(RunState state, CancellationToken cancellationToken)
    {
        var eligible = await EligibleAsync(cancellationToken);
        var isOfStatistics = state.Round == TrainingPlan.StatisticsRound;

        // Statistics are of all hospitals that can be had; the minimum is that of the other rounds.
        var rules = _plan!.Round.WithinReach(eligible.Length);
        var (resolved, faults) = (isOfStatistics ? rules.ForStatistics() : rules).Resolve(eligible.Length);
        if (resolved is null)
        {
            var why = $"{RoundWording.NameOf(state.Round)} can't begin: {string.Join("; ", faults.Select(fault => fault.Message))}";
            await MoveAsync(state with { Status = RunStatus.Paused, Reason = why, Attempt = state.Attempt + 1 }, why, cancellationToken);
            return;
        }

        var timing = await Pacing.LookAsync(eligible, resolved, await LastRoundAsync(state, cancellationToken), cancellationToken);
        if (!timing.MayBegin && !await IsUnderWayAsync(state, cancellationToken))
        {
            await WaitAsync(state, timing, resolved.MinimumReports, cancellationToken);
            return;
        }

        _lookAt = null;
        await Coordinator(state.Round).BeginAsync(
            new BeginRound
            {
                Attempt = state.Attempt,
                Options = RunPacing.WithinReach(resolved, timing.Open.Length) with { GroupSize = _plan.Aggregator.GroupSize },
                PlanDigest = state.PlanDigest,
                BaseModel = isOfStatistics ? await blobs.PutAsync(EmptyStatistics(_plan).AsBytes(), cancellationToken) : state.Model,
                BaseState = isOfStatistics ? null : state.ServerState,
                Hospitals = CohortSelection.Select(_plan.Seed, state.Round, state.Attempt, timing.Open, resolved.Invitations),
            },
            cancellationToken);
        _begun = (state.Round, state.Attempt);
    }

    private bool IsDue(RunState state) => time.GetUtcNow() is var now && (now >= state.NotBefore || now >= _lookAt);

    /// <summary>Whether the attempt began before this activation: then it goes on, whoever is open now.</summary>
    private async Task<bool> IsUnderWayAsync(RunState state, CancellationToken cancellationToken) =>
        await Coordinator(state.Round).ViewAsync(cancellationToken) is { } view && view.Attempt == state.Attempt;

    private async Task<TimeSpan> LastRoundAsync(RunState state, CancellationToken cancellationToken)
    {
        if (state.Newest.IsEmpty)
        {
            return TimeSpan.Zero;
        }

        var last = await _manifests.ReadAsync(state.Newest[^1].Manifest, cancellationToken);
        return last.CommittedAt - last.BeganAt;
    }

    /// <summary>Puts the attempt off to when enough hospitals are open together; it costs none. Where there is no such time, pauses.</summary>
    private async Task WaitAsync(RunState state, SelectionTiming timing, int minimum, CancellationToken cancellationToken)
    {
        if (timing.Next is not { } next)
        {
            _lookAt = null;
            var never = RunPacing.NeverReason(timing, state.Round, minimum);
            await MoveAsync(state with { Status = RunStatus.Paused, Reason = never, NotBefore = default }, never, cancellationToken);
            return;
        }

        _lookAt = time.GetUtcNow() + RunPacing.LookInterval;
        var why = RunPacing.WaitReason(timing, minimum);
        if (state.NotBefore != next || state.WaitReason != why)
        {
            await MoveAsync(state with { NotBefore = next, WaitReason = why }, $"{RoundWording.NameOf(state.Round)} waits: {why}", cancellationToken);
        }
    }

    private async Task<ImmutableArray<string>> EligibleAsync(CancellationToken cancellationToken)
    {
        var enrolled = await GrainFactory.Grain<IFederationGrain>(GrainKeys.Federation).EnrolledAsync(cancellationToken);
        return _plan!.Hospitals.IsEmpty ? enrolled : [.. enrolled.Where(hospital => _plan.Hospitals.Contains(hospital))];
    }
}
