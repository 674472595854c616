using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using FederatedOrleans.Data;
using FederatedOrleans.Site.Availability;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Site.Participants;

/// <summary>One hospital at work: attends, is told or asks what to do, answers invitations, trains and uploads one thing at a time, settles outcomes.</summary>
/// <remarks>
/// Everything it does follows from what the centre answers and what the participant grains have stored, so that it may be ended at any
/// point and started again.
/// </remarks>
internal sealed partial class HospitalSite : IDisposable
{
    private const int MostJobs = 64;

    // One a run; runs end without a word. A run goes on without a residual as well, but not without its control variate.
    private const int MostResiduals = 64;
    private const int MostOwn = 1024;
    private static readonly TimeSpan LongestAway = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    private readonly SiteContext _context;
    private readonly IGrainFactory _grains;
    private readonly IHospitalLink _link;
    private readonly IDatasetCatalog _datasets;
    private readonly TimeProvider _time;
    private readonly ILogger<HospitalSite> _logger;
    private readonly Outbox _outbox;
    private readonly SitePlans _plans;
    private readonly ContentCache _planFiles;
    private readonly ContentCache _models;
    private readonly SiteSettlement _settlement;
    private readonly JobBoard _board;
    private readonly SiteConsent _consent;
    private readonly SiteJobs _jobs;
    private readonly SiteAvailability _availability;

    private readonly WakeUps _wakeUps = new();

    private readonly Channel<SiteAssignment> _queue = Channel.CreateBounded<SiteAssignment>(MostJobs);
    private readonly Channel<SiteAssignment> _invitations = Channel.CreateBounded<SiteAssignment>(MostJobs);

    // Invitations that wait or are being answered, and whether the centre has repeated them meanwhile.
    private readonly ConcurrentDictionary<AttemptId, bool> _answering = [];

    public HospitalSite(
        SiteContext context,
        IGrainFactory grains,
        IHospitalLink link,
        IDatasetCatalog datasets,
        TimeProvider time,
        ILogger<HospitalSite> logger,
        SiteAvailability? availability = null,
        Trainers? trainers = null)
    {
        (_context, _grains, _link, _datasets, _time, _logger) = (context, grains, link, datasets, time, logger);
        _availability = availability ?? SiteAvailability.Always(time);
        _outbox = new Outbox(Path.Combine(context.Folder, "outbox"));

        // Apart: the plan of an invitation must not wait for the model of a job under way.
        _planFiles = new ContentCache(Path.Combine(context.Folder, "plans"), link);
        _models = new ContentCache(Path.Combine(context.Folder, "cache"), link);
        _plans = new SitePlans(_planFiles);
        var known = trainers ?? Trainers.BuiltIn;
        _consent = new SiteConsent(context, grains, datasets, known);
        var residuals = new SiteVectors(Path.Combine(context.Folder, "residuals"), "residual", MostResiduals);
        var controls = new SiteVectors(Path.Combine(context.Folder, "controls"), "control", MostOwn);
        var personals = new SiteVectors(Path.Combine(context.Folder, "personals"), "personal", MostOwn);
        _settlement = new SiteSettlement(context, grains, link, _outbox, residuals, controls, personals, logger);
        _board = new JobBoard(context.LongestBackOff, time);
        _jobs = new SiteJobs(context, grains, link, datasets, known, _outbox, residuals, controls, personals, _models, _settlement, _availability, _board, time, logger);
    }

    /// <summary>What this site is doing, for its status.</summary>
    public SiteActivity Activity { get; } = new();

    /// <summary>Works until cancelled. None of its loops ends before that; if one does, by an exception, so does the site.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] loops =
        [
            AttendLoopAsync(ending.Token), AskLoopAsync(ending.Token), AnswerLoopAsync(ending.Token), WorkLoopAsync(ending.Token),
        ];
        await Task.WhenAny(loops);

        // A site without one of them would look alive and do nothing.
        await ending.CancelAsync();
        await Task.WhenAll(loops);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _planFiles.Dispose();
        _models.Dispose();
    }

    private async Task AttendLoopAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOff(_context.LongestBackOff);
        while (!cancellationToken.IsCancellationRequested)
        {
            string? fault = null;
            try
            {
                await _link.AttendAsync(
                    await OfferAsync(cancellationToken),
                    () =>
                    {
                        backOff.Reset();
                        Activity.Connected(_time.GetUtcNow());
                        LogAttending(_logger, _context.Hospital);
                        _wakeUps.Ask();
                    },
                    _wakeUps.Told,
                    cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                fault = LinkFault.Describe(exception);
                LogLinkFailed(_logger, _context.Hospital, "attend", fault);
            }

            Activity.Disconnected(fault);
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
            catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
            {
                // One dataset that fails in a way nobody thought of must not keep the others away. Its text may quote a value.
                LogDatasetFaulty(_logger, _context.Hospital, name, exception.GetType().Name);
            }
        }

        return offered.ToImmutable();
    }

    private async Task AskLoopAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOff(_context.PollInterval);
        var known = new SiteInbox(long.MinValue, []);
        SiteInbox? told = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = _context.PollInterval;
            try
            {
                known = told ?? await _link.NextAsync(cancellationToken);
                await LookAsync(known.Assignments, cancellationToken);
                backOff.Reset();
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                LogLinkFailed(_logger, _context.Hospital, "ask", LinkFault.Describe(exception));
                pause = backOff.Next();
            }

            if (_availability.OpensIn is not null && known.ComeBackIn is var away && away > pause && !_outbox.List().Any())
            {
                // Closed, and nothing here waits for an outcome: a wake-up still comes at once.
                pause = away < LongestAway ? away : LongestAway;
            }

            if (_board.NextRetry is { } retry && retry < pause)
            {
                pause = retry > ShortestPause ? retry : ShortestPause;
            }

            if (_availability.OpensIn is { } opensIn && opensIn < pause)
            {
                // What was invited before the hours of this node is answered at their begin.
                pause = opensIn > ShortestPause ? opensIn : ShortestPause;
            }

            told = await _wakeUps.WaitAsync(known.Version, pause, _time, cancellationToken);
        }
    }

    /// <summary>One pass: what the centre asks, what the outbox holds, and the difference between them.</summary>
    private async Task LookAsync(ImmutableArray<SiteAssignment> assignments, CancellationToken cancellationToken)
    {
        Activity.Contact(_time.GetUtcNow());
        _board.Ask(assignments);
        var asked = assignments.Where(assignment => assignment.Stage == SiteStage.Train).Select(assignment => assignment.Id).ToHashSet();
        foreach (var id in _outbox.List().Where(id => !asked.Contains(id)).ToArray())
        {
            await TryAsync(id, () => SettleIdleAsync(id, cancellationToken), cancellationToken);
        }

        foreach (var assignment in assignments)
        {
            switch (assignment.Stage)
            {
                case SiteStage.Invited:
                    Invite(assignment);
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

    /// <summary>Answers invitations apart from asking: a plan that is slow to come must not keep the site from ending a job.</summary>
    private async Task AnswerLoopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var assignment in _invitations.Reader.ReadAllAsync(cancellationToken))
            {
                var isAnswered = false;
                await TryAsync(assignment.Id, async () => isAnswered = await AnswerAsync(assignment, cancellationToken), cancellationToken);
                if (_answering.TryRemove(assignment.Id, out var isRepeated) && isRepeated && !isAnswered)
                {
                    // What kept it from an answer may have ended while it looked, and the wake-up of that end has found it looking still.
                    _wakeUps.Ask();
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The site stops; the centre offers again what still holds.
        }
    }

    private void Invite(SiteAssignment assignment)
    {
        if (!_answering.TryAdd(assignment.Id, false))
        {
            _answering.TryUpdate(assignment.Id, true, false);
        }
        else if (!_invitations.Writer.TryWrite(assignment))
        {
            // The centre offers again what still holds.
            _answering.TryRemove(assignment.Id, out _);
        }
    }

    /// <summary>Answers an invitation. False where it can't be answered yet.</summary>
    private async Task<bool> AnswerAsync(SiteAssignment assignment, CancellationToken cancellationToken)
    {
        var plan = await _plans.GetAsync(assignment.PlanDigest, cancellationToken);
        var refusal = await _consent.AskAsync(plan, assignment.PlanDigest, cancellationToken);
        if (refusal == SiteRefusal.SchemaDiffers && _datasets.SchemaOf(plan!.Dataset.Name) is { } own)
        {
            LogSchemaDiffers(_logger, _context.Hospital, plan.Dataset.Name, SchemaDifference.Describe(own, plan.Dataset.Schema));
        }

        if (refusal == SiteRefusal.None)
        {
            if (await _availability.AskAsync(assignment.Deadline, cancellationToken) is not { } available)
            {
                // The centre counts on it for later in the window: it is asked again when the node opens.
                return false;
            }

            refusal = available;
        }

        if (refusal == SiteRefusal.None)
        {
            refusal = await Participant(assignment.Id).AcceptAsync(assignment.Id, cancellationToken);
        }

        if (refusal == SiteRefusal.Busy
            && (await _settlement.OpenAsync(assignment.Id.Run, cancellationToken) is not { } open
                || await SettleIdleAsync(open, cancellationToken)))
        {
            // By what is stored: the outbox may have lost the file, and no pass over its files would settle the attempt.
            refusal = await Participant(assignment.Id).AcceptAsync(assignment.Id, cancellationToken);
        }

        if (refusal == SiteRefusal.Busy)
        {
            // An attempt is offered only once the run has decided the one before, so the outcome of the update in the outbox can be had:
            // its job has just not ended yet. Its end, or the next wake-up, asks again; a refusal would cost the round this hospital.
            return false;
        }

        LogAnswer(_logger, _context.Hospital, assignment.Id, refusal);
        await _link.AnswerAsync(assignment.Id, refusal, cancellationToken);
        return true;
    }

    /// <summary>Settles an attempt at which no job works: one might be between the file and the record of it.</summary>
    private async Task<bool> SettleIdleAsync(AttemptId id, CancellationToken cancellationToken) =>
        !_board.IsAtWork(id) && await _settlement.SettleAsync(id, cancellationToken);

    private void Enqueue(SiteAssignment assignment)
    {
        if (_board.TryTake(assignment) && !_queue.Writer.TryWrite(assignment))
        {
            // The centre offers again what still holds.
            _board.GiveBack(assignment);
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
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The site stops; what was under way is in the stored state.
        }
    }

    private async Task WorkAsync(SiteAssignment assignment, CancellationToken cancellationToken)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (!_board.TryBegin(assignment, cancellation))
        {
            return;
        }

        var isFinished = false;
        Activity.Begins(assignment);
        try
        {
            isFinished = assignment.Stage == SiteStage.Train
                ? await _jobs.TrainAsync(assignment, _plans, _consent, Activity, cancellation.Token)
                : await _jobs.EvaluateAsync(assignment, _plans, _consent, Activity, cancellation.Token);
            if (!isFinished)
            {
                _board.Failed(assignment);
            }
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            LogGivenUp(_logger, _context.Hospital, assignment.Id);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var fault = LinkFault.Describe(exception);
            Activity.Failed($"{assignment.Id}: {fault}", _time.GetUtcNow());
            LogRetry(_logger, _context.Hospital, assignment.Id, fault, _board.Failed(assignment));
        }
        finally
        {
            _board.End(assignment, isFinished);
            Activity.Ends();
            _wakeUps.Ask();
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
