using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>How far a job is: its newest steps, and whether anything moved. Set on the threads that work, read by the one that reports.</summary>
internal sealed class JobProgress(SiteActivity activity) : IProgress<TrainingProgress>
{
    private readonly Lock _guard = new();
    private TrainingProgress _latest = new(0, 0);
    private long _moves;

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
    }
}
