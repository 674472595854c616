using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Which jobs are asked for, wait, run, are finished, or pause after a failure. Shared by the loops of a site.</summary>
internal sealed class JobBoard(TimeSpan longestBackOff, TimeProvider time)
{
    private const int MostFinished = 4096;

    // The first pause; it doubles each time.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(5);

    private readonly long _began = time.GetTimestamp();
    private readonly Lock _guard = new();
    private readonly HashSet<(AttemptId Id, long Epoch)> _waiting = [];
    private readonly Dictionary<(AttemptId Id, long Epoch), (TimeSpan At, TimeSpan Pause)> _finished = [];
    private readonly JobRetries _retries = new(longestBackOff);
    private HashSet<(AttemptId Id, long Epoch)> _asked = [];
    private Dictionary<AttemptId, DateTimeOffset> _deadlines = [];
    private (AttemptId Id, CancellationTokenSource Cancellation)? _running;

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>How long until a job that failed may be tried again, or null where none waits for that.</summary>
    public TimeSpan? NextRetry
    {
        get
        {
            lock (_guard)
            {
                return _retries.NextAfter(Now);
            }
        }
    }

    /// <summary>Notes what the centre asks for now, and ends the job under way where it is not asked for any more.</summary>
    public void Ask(IReadOnlyCollection<SiteAssignment> assignments)
    {
        var asked = assignments
            .Where(assignment => assignment.Stage is SiteStage.Train or SiteStage.Evaluate)
            .Select(assignment => (assignment.Id, assignment.Epoch))
            .ToHashSet();
        var deadlines = new Dictionary<AttemptId, DateTimeOffset>();
        foreach (var assignment in assignments)
        {
            deadlines[assignment.Id] = assignment.Deadline;
        }

        lock (_guard)
        {
            _asked = asked;
            _deadlines = deadlines;
            _retries.Keep(asked);
            if (_running is var (id, cancellation) && !IsAsked(id))
            {
                cancellation.Cancel();
            }
        }
    }

    /// <summary>The newest deadline of a job: progress may have moved it since it was taken on.</summary>
    public DateTimeOffset DeadlineOf(SiteAssignment assignment)
    {
        lock (_guard)
        {
            return _deadlines.GetValueOrDefault(assignment.Id, assignment.Deadline);
        }
    }

    /// <summary>Takes a job on, unless it waits, runs, was finished not long ago, or pauses after a failure.</summary>
    /// <remarks>
    /// A centre that was put back to a backup may ask again for what it has had, and wait for an answer. So a training that is still asked
    /// for long after its end is looked at once more: what is settled or held there already costs a question.
    /// </remarks>
    public bool TryTake(SiteAssignment assignment)
    {
        var job = (assignment.Id, assignment.Epoch);
        lock (_guard)
        {
            return !IsDone(assignment) && _running?.Id != assignment.Id && _retries.MayTry(job, Now) && _waiting.Add(job);
        }
    }

    /// <summary>Gives back a job that was taken on and can't wait after all.</summary>
    public void GiveBack(SiteAssignment assignment)
    {
        lock (_guard)
        {
            _waiting.Remove((assignment.Id, assignment.Epoch));
        }
    }

    /// <summary>A job's turn has come. False where it is not asked for any more.</summary>
    public bool TryBegin(SiteAssignment assignment, CancellationTokenSource cancellation)
    {
        lock (_guard)
        {
            _waiting.Remove((assignment.Id, assignment.Epoch));
            if (!IsAsked(assignment.Id))
            {
                return false;
            }

            _running = (assignment.Id, cancellation);
            return true;
        }
    }

    /// <summary>The job under way has ended, with nothing left to do for it in this epoch or without.</summary>
    public void End(SiteAssignment assignment, bool isFinished)
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

                var job = (assignment.Id, assignment.Epoch);
                _finished[job] = (Now, _finished.TryGetValue(job, out var before) ? before.Pause * 2 : LookAgainAfter);
            }
        }
    }

    /// <summary>The job under way has failed and is worth another try. Gives the pause before it.</summary>
    public TimeSpan Failed(SiteAssignment assignment)
    {
        lock (_guard)
        {
            return _retries.Failed((assignment.Id, assignment.Epoch), Now);
        }
    }

    /// <summary>Whether a job of an attempt waits or runs: it may be between a file of the outbox and the record of it.</summary>
    public bool IsAtWork(AttemptId id)
    {
        lock (_guard)
        {
            return _running?.Id == id || _waiting.Any(job => job.Id == id);
        }
    }

    private bool IsDone(SiteAssignment assignment) =>
        _finished.TryGetValue((assignment.Id, assignment.Epoch), out var finished)
        && (assignment.Stage == SiteStage.Evaluate || Now - finished.At < finished.Pause);

    private bool IsAsked(AttemptId id) => _asked.Any(job => job.Id == id);
}
