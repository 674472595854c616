using System.Collections.Immutable;
using System.Threading.Channels;
using FederatedOrleans.Data;
using FederatedOrleans.Site.Link;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Site.Participants;

/// <summary>One hospital at work: attends, asks what to do, answers invitations, trains and uploads one thing at a time, settles outcomes.</summary>
/// <remarks>
/// Everything it does follows from what the centre answers and what the participant grains have stored, so that it may be ended at any
/// point and started again.
/// </remarks>
internal sealed partial class HospitalSite : IDisposable
{
    private const int MostJobs = 64;
    private const int MostFinished = 4096;

    private readonly SiteContext _context;
    private readonly IGrainFactory _grains;
    private readonly IHospitalLink _link;
    private readonly IDatasetCatalog _datasets;
    private readonly TimeProvider _time;
    private readonly ILogger<HospitalSite> _logger;
    private readonly Outbox _outbox;
    private readonly SitePlans _plans;
    private readonly ContentCache _cache;
    private readonly SiteConsent _consent;
    private readonly SiteJobs _jobs;

    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Channel<SiteAssignment> _queue = Channel.CreateBounded<SiteAssignment>(MostJobs);
    private readonly Lock _guard = new();
    private readonly HashSet<(AttemptId Id, long Epoch)> _waiting = [];
    private readonly HashSet<(AttemptId Id, long Epoch)> _finished = [];
    private (AttemptId Id, CancellationTokenSource Cancellation)? _running;

    public HospitalSite(
        SiteContext context,
        IGrainFactory grains,
        IHospitalLink link,
        IDatasetCatalog datasets,
        TimeProvider time,
        ILogger<HospitalSite> logger)
    {
        (_context, _grains, _link, _datasets, _time, _logger) = (context, grains, link, datasets, time, logger);
        _outbox = new Outbox(Path.Combine(context.Folder, "outbox"));
        _cache = new ContentCache(Path.Combine(context.Folder, "cache"), link);
        _plans = new SitePlans(_cache);
        _consent = new SiteConsent(context, grains, datasets);
        _jobs = new SiteJobs(context, grains, link, datasets, _outbox, _cache, time, logger);
    }

    /// <summary>What this site is doing, for its status.</summary>
    public SiteActivity Activity { get; } = new();

    /// <summary>Works until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(AttendLoopAsync(cancellationToken), AskLoopAsync(cancellationToken), WorkLoopAsync(cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    private async Task AttendLoopAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOff(_context.LongestBackOff);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _link.AttendAsync(
                    await OfferAsync(cancellationToken),
                    () =>
                    {
                        backOff.Reset();
                        Activity.Connected(_time.GetUtcNow());
                        LogAttending(_logger, _context.Hospital);
                        Wake();
                    },
                    Wake,
                    cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
            {
                LogLinkFailed(_logger, _context.Hospital, "attend", LinkFault.Describe(exception));
            }

            Activity.Disconnected();
            await PauseAsync(backOff.Next(), cancellationToken);
        }
    }

    private async Task<ImmutableArray<OfferedDataset>> OfferAsync(CancellationToken cancellationToken)
    {
        var offered = ImmutableArray.CreateBuilder<OfferedDataset>();
        foreach (var name in _datasets.Names)
        {
            try
            {
                var dataset = await _datasets.LoadAsync(name, cancellationToken);
                offered.Add(new OfferedDataset(name, dataset.Schema.Digest, OfferedDataset.BucketOf(dataset.TrainRows.Length)));
            }
            catch (DatasetException exception)
            {
                LogDatasetFaulty(_logger, _context.Hospital, name, exception.Message);
            }
        }

        return offered.ToImmutable();
    }

    private async Task AskLoopAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOff(_context.PollInterval);
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = _context.PollInterval;
            try
            {
                await AskAsync(cancellationToken);
                backOff.Reset();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
            {
                LogLinkFailed(_logger, _context.Hospital, "ask", LinkFault.Describe(exception));
                pause = backOff.Next();
            }

            await WakeUpOrAsync(pause, cancellationToken);
        }
    }

    /// <summary>One pass: what the centre asks, what the outbox holds, and the difference between them.</summary>
    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var assignments = await _link.NextAsync(cancellationToken);
        Activity.Contact(_time.GetUtcNow());
        Cancel(assignments);
        var asked = assignments.Where(assignment => assignment.Stage == SiteStage.Train).Select(assignment => assignment.Id).ToHashSet();
        foreach (var id in _outbox.List().Where(id => !asked.Contains(id)).ToArray())
        {
            await TryAsync(id, () => SettleAsync(id, cancellationToken), cancellationToken);
        }

        foreach (var assignment in assignments)
        {
            switch (assignment.Stage)
            {
                case SiteStage.Invited:
                    await TryAsync(assignment.Id, () => AnswerAsync(assignment, cancellationToken), cancellationToken);
                    break;
                case SiteStage.Train or SiteStage.Evaluate:
                    Enqueue(assignment);
                    break;
            }
        }
    }

    /// <summary>One run's trouble must not keep the site from the others.</summary>
    private async Task TryAsync(AttemptId id, Func<Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            LogJobFailed(_logger, _context.Hospital, id, LinkFault.Describe(exception));
        }
    }

    private async Task AnswerAsync(SiteAssignment assignment, CancellationToken cancellationToken)
    {
        var plan = await _plans.GetAsync(assignment.PlanDigest, cancellationToken);
        var refusal = await _consent.AskAsync(plan, assignment.PlanDigest, cancellationToken);
        if (refusal == SiteRefusal.None)
        {
            refusal = await Participant(assignment.Id).AcceptAsync(assignment.Id, cancellationToken);
        }

        if (refusal == SiteRefusal.Busy)
        {
            // An attempt is offered only once the run has decided the one before, so the outcome of the update in the outbox can be had:
            // its job has just not ended yet. Its end, or the next wake-up, asks again; a refusal would cost the round this hospital.
            return;
        }

        LogAnswer(_logger, _context.Hospital, assignment.Id, refusal);
        await _link.AnswerAsync(assignment.Id, refusal, cancellationToken);
    }

    private async Task SettleAsync(AttemptId id, CancellationToken cancellationToken)
    {
        lock (_guard)
        {
            if (_running?.Id == id)
            {
                // Its job is still at it, perhaps between the file and the record of it.
                return;
            }
        }

        var participant = Participant(id);
        var state = await participant.StateAsync(cancellationToken);
        if (state.Outbox?.Id == id)
        {
            var outcome = await _link.OutcomeAsync(id, cancellationToken);
            if (!outcome.IsDecided)
            {
                return;
            }

            await participant.SettleAsync(id, outcome.Included, cancellationToken);
            LogSettled(_logger, _context.Hospital, id, outcome.Included == state.Outbox.Digest ? "included" : "not included");
        }

        _outbox.Delete(id);
    }

    private void Enqueue(SiteAssignment assignment)
    {
        lock (_guard)
        {
            var key = (assignment.Id, assignment.Epoch);
            if (_finished.Contains(key) || _running?.Id == assignment.Id || !_waiting.Add(key))
            {
                return;
            }

            if (!_queue.Writer.TryWrite(assignment))
            {
                // The centre offers again what still holds.
                _waiting.Remove(key);
            }
        }
    }

    /// <summary>Ends the job under way when the centre does not ask for it any more.</summary>
    private void Cancel(ImmutableArray<SiteAssignment> assignments)
    {
        lock (_guard)
        {
            if (_running is var (id, cancellation)
                && !assignments.Any(assignment => assignment.Id == id && assignment.Stage is SiteStage.Train or SiteStage.Evaluate))
            {
                cancellation.Cancel();
            }
        }
    }

    private async Task WorkLoopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var assignment in _queue.Reader.ReadAllAsync(cancellationToken))
            {
                await WorkAsync(assignment, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The site stops; what was under way is in the stored state.
        }
    }

    private async Task WorkAsync(SiteAssignment assignment, CancellationToken cancellationToken)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_guard)
        {
            _waiting.Remove((assignment.Id, assignment.Epoch));
            _running = (assignment.Id, cancellation);
        }

        var isFinished = false;
        Activity.Begins(assignment);
        try
        {
            isFinished = assignment.Stage == SiteStage.Train
                ? await _jobs.TrainAsync(assignment, _plans, _consent, Activity, cancellation.Token)
                : await _jobs.EvaluateAsync(assignment, _plans, _consent, cancellation.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            LogGivenUp(_logger, _context.Hospital, assignment.Id);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Asked again at the next pass; the lease and the deadline at the centre bound how often.
            LogJobFailed(_logger, _context.Hospital, assignment.Id, LinkFault.Describe(exception));
        }
        finally
        {
            lock (_guard)
            {
                _running = null;
                if (isFinished)
                {
                    if (_finished.Count >= MostFinished)
                    {
                        _finished.Clear();
                    }

                    _finished.Add((assignment.Id, assignment.Epoch));
                }
            }

            Activity.Ends();
            Wake();
        }
    }

    private void Wake() => _wakeUps.Writer.TryWrite(true);

    private async Task WakeUpOrAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(pause, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _wakeUps.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to ask without having been woken, or to stop.
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, _time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The site stops.
        }
    }

    private IParticipantGrain Participant(AttemptId id) =>
        _grains.GetGrain<IParticipantGrain>(SiteKeys.Participant(_context.Hospital, id.Run));
}
