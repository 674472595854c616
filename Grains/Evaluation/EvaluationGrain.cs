using System.Collections.Immutable;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Runs;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace FederatedOrleans.Evaluation;

/// <summary>The evaluation of one committed model: offered to every hospital, ended when nobody present is missing or at its deadline.</summary>
[GrainType("fo.evaluation")]
internal sealed class EvaluationGrain(
    [PersistentState("fo.evaluation", StorageNames.Grains)] IPersistentState<EvaluationState> storage,
    IOptions<CentreOptions> options,
    TimeProvider time) : Grain, IEvaluationGrain
{
    private readonly ClockWatch _clock = new(time);
    private IGrainTimer? _tick;
    private Task _telling = Task.CompletedTask;
    private bool _told;

    private StoredState<EvaluationState> State => field ??= new(storage, DeactivateOnIdle);

    private string Run => GrainKeys.IdOf(this.GetPrimaryKeyString()).Split('/')[0];

    private int Version => int.Parse(GrainKeys.IdOf(this.GetPrimaryKeyString()).Split('/')[1]);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var state = State.Current;
        if (state.Order is null)
        {
            return;
        }

        if (!state.Ended)
        {
            // Nobody could report while this grain was not there: the time begins anew.
            await State.WriteAsync(state with { Deadline = time.GetUtcNow() + state.Order.Deadline }, cancellationToken);
        }

        // Also when it has ended: the run may not have been told.
        Watch();
    }

    public async Task BeginAsync(BeginEvaluation begin, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (state.Order is null)
        {
            await State.WriteAsync(
                state with { Order = begin, Deadline = time.GetUtcNow() + begin.Deadline }, cancellationToken);
        }

        // A run that woke up asks again; it must hear of the end even if it did once.
        _told = false;
        Watch();
    }

    public async Task<bool> ReportAsync(string hospital, EvaluationMetrics metrics, CancellationToken cancellationToken = default)
    {
        if (!IsWanted(hospital))
        {
            return false;
        }

        var state = State.Current;
        if (state.Order!.IsNumeric is { } isNumeric && metrics.Regression is not null != isNumeric)
        {
            return await DeclineAsync(hospital, "it reported metrics of another kind of label", cancellationToken);
        }

        metrics = state.Order.TakesScores ? metrics : metrics with { Scores = null };
        await State.WriteAsync(
            state with
            {
                Results =
                [
                    .. state.Results.Append(new HospitalEvaluation(hospital, metrics)).OrderBy(result => result.Hospital, StringComparer.Ordinal),
                ],
            },
            cancellationToken);
        Hospital(hospital).WithdrawAsync(Run, Version, 0, CancellationToken.None).Ignore();
        GrainFactory.Grain<IRunLifecycleGrain>(GrainKeys.Run(Run)).EvaluatedAsync(Version, hospital, metrics, CancellationToken.None).Ignore();
        WatchSoon();
        return true;
    }

    public async Task<bool> DeclineAsync(string hospital, string reason, CancellationToken cancellationToken = default)
    {
        if (!IsWanted(hospital))
        {
            return false;
        }

        var state = State.Current;
        await State.WriteAsync(state with { Declined = state.Declined.Add(new LeftOut(hospital, reason)) }, cancellationToken);
        Hospital(hospital).WithdrawAsync(Run, Version, 0, CancellationToken.None).Ignore();
        WatchSoon();
        return true;
    }

    public Task<ImmutableArray<HospitalEvaluation>> ResultsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<HospitalEvaluation>>([.. State.Current.Results.Select(result => result with { Metrics = result.Metrics with { Scores = null } })]);

    public Task<PooledMetrics?> PooledAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(PooledMetrics.Of([.. State.Current.Results.Select(result => result.Metrics)]));

    public Task<bool> IsOpenAsync(CancellationToken cancellationToken = default) => Task.FromResult(State.Current is { Order: not null, Ended: false });

    public async Task<bool> ReopenAsync(BeginEvaluation begin, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (state.Order is null)
        {
            await BeginAsync(begin, cancellationToken);
            return true;
        }

        if (!state.Ended || !begin.Hospitals.Except(state.Results.Select(result => result.Hospital), StringComparer.Ordinal).Any())
        {
            return false;
        }

        await State.WriteAsync(state with { Order = begin, Declined = [], Ended = false, Deadline = time.GetUtcNow() + begin.Deadline }, cancellationToken);
        _told = false;
        Watch();
        return true;
    }

    public Task<ImmutableArray<LeftOut>> UnmeasuredAsync(CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        return Task.FromResult<ImmutableArray<LeftOut>>(state.Order is null ? [] :
        [
            .. state.Declined,
            .. Missing(state).Select(hospital => new LeftOut(hospital, "it has not reported")),
        ]);
    }

    private bool IsWanted(string hospital) =>
        State.Current is { Order: not null, Ended: false } state && Missing(state).Contains(hospital, StringComparer.Ordinal);

    private static IEnumerable<string> Missing(EvaluationState state) => state.Order!.Hospitals
        .Except(state.Results.Select(result => result.Hospital), StringComparer.Ordinal)
        .Except(state.Declined.Select(declined => declined.Hospital), StringComparer.Ordinal);

    private void Watch()
    {
        _tick ??= this.RegisterGrainTimer(TickAsync, TimeSpan.Zero, options.Value.Tick);
        WatchSoon();
    }

    private void WatchSoon() => _tick?.Change(TimeSpan.Zero, options.Value.Tick);

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        var state = State.Current;
        if (state.Order is null || (state.Ended && _told))
        {
            // Nothing is left to look at: a run of many rounds would else keep a timer going for each of them.
            _tick?.Dispose();
            _tick = null;
            return;
        }

        DelayDeactivation(TimeSpan.FromMinutes(5));
        if (!state.Ended && _clock.Look() is { Ticks: not 0 } by)
        {
            await State.WriteAsync(state with { Deadline = state.Deadline + by }, cancellationToken);
            state = State.Current;
        }

        if (!state.Ended)
        {
            var (asked, began) = (time.GetUtcNow(), time.GetTimestamp());
            var missing = Missing(state).ToArray();
            var lastSeen = await Task.WhenAll(missing.Select(hospital => OfferAsync(hospital, state, cancellationToken)));

            var now = _clock.EarlierSince(asked, began);
            if (now < state.Deadline && lastSeen.Any(seen => now - seen <= state.Order!.LeaseTime))
            {
                return;
            }

            await State.WriteAsync(State.Current with { Ended = true }, cancellationToken);
            await Task.WhenAll(missing.Select(hospital => Hospital(hospital).WithdrawAsync(Run, Version, 0, cancellationToken)));
        }

        // Not awaited in this turn: the run may be waiting for this grain just now.
        if (_telling.IsCompleted)
        {
            _telling = TellEndAsync();
        }
    }

    private async Task TellEndAsync()
    {
        try
        {
            await GrainFactory.Grain<IRunLifecycleGrain>(GrainKeys.Run(Run)).EvaluationEndedAsync(Version, CancellationToken.None);
            _told = true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The next tick tells it again.
        }
    }

    /// <summary>When a hospital was last heard of; now where its grain can't be reached, which is no reason to fail the others.</summary>
    private async Task<DateTimeOffset> OfferAsync(string hospital, EvaluationState state, CancellationToken cancellationToken)
    {
        try
        {
            return await Hospital(hospital).OfferAsync(Assignment(state), cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return time.GetUtcNow();
        }
    }

    private HospitalAssignment Assignment(EvaluationState state) => new()
    {
        Run = Run,
        Round = Version,
        Attempt = 0,
        Stage = AssignmentStage.Evaluate,
        PlanDigest = state.Order!.PlanDigest,
        Model = state.Order.Model,
        Statistics = state.Order.Statistics,
        Incumbent = state.Order.Incumbent,
        Deadline = state.Deadline,
    };

    private IHospitalGrain Hospital(string hospital) => GrainFactory.Grain<IHospitalGrain>(GrainKeys.Hospital(hospital));
}
