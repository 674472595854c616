using FederatedOrleans.Diagnostics;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>How far a job is: its newest steps, and whether anything moved. Set on the threads that work, read by the one that reports.</summary>
internal sealed class JobProgress(SiteActivity activity, AttemptId attempt) : IProgress<TrainingProgress>
{
    private readonly Lock _guard = new();
    private TrainingProgress _latest = new(0, 0);
    private long _moves;
    private bool _isPaused;

    /// <summary>The steps known so far; none before training.</summary>
    public TrainingProgress Latest
    {
        get
        {
            lock (_guard)
            {
                return _latest;
            }
        }
    }

    /// <summary>A number that changes whenever steps were done or bytes moved.</summary>
    public long Moves => Interlocked.Read(ref _moves);

    /// <summary>Whether training pauses.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_guard)
            {
                return _isPaused;
            }
        }
    }

    /// <summary>Training pauses for a reason, or with null goes on.</summary>
    public void Paused(string? because)
    {
        lock (_guard)
        {
            if (_isPaused != because is not null)
            {
                _isPaused = because is not null;

                // Worth a report, though nothing moves: the centre takes a pause for no progress.
                Moved();
            }
        }

        activity.Paused(because);
    }

    /// <summary>Bytes of a model or an update moved.</summary>
    public void Moved() => Interlocked.Increment(ref _moves);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        lock (_guard)
        {
            _latest = value;
        }

        Moved();
        activity.Steps(value.StepsDone, value.StepsTotal);
        SiteSteps.Reach(StepNames.Training, attempt);
    }
}
