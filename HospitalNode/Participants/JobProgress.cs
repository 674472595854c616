using FederatedOrleans.Diagnostics;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>What a job does and how far it is, and whether anything moved. Set on the threads that work, read by the one that reports.</summary>
internal sealed class JobProgress(SiteActivity activity, AttemptId attempt) : IProgress<TrainingProgress>
{
    private readonly Lock _guard = new();
    private SiteProgress _latest = new(SiteWork.Training, 0, 0);
    private long _moves;

    /// <summary>What the job does now; no steps are known before training.</summary>
    public SiteProgress Latest
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

    /// <summary>Training pauses for a reason, or with null goes on.</summary>
    public void Paused(string? because)
    {
        lock (_guard)
        {
            var work = because is null ? SiteWork.Training : SiteWork.Paused;
            if (_latest.Work != work)
            {
                _latest = _latest with { Work = work, BytesDone = 0, BytesTotal = 0 };

                // Worth a report, though nothing moves: the centre takes a pause for no progress.
                Moved();
            }
        }

        activity.Progressed(Latest);
        activity.Paused(because);
    }

    /// <summary>Bytes of the model arrived.</summary>
    /// <param name="done">How many are here.</param>
    /// <param name="total">Of how many.</param>
    public void Downloaded(long done, long total) => Transferred(SiteWork.Downloading, done, total);

    /// <summary>Bytes of the update are on their way.</summary>
    /// <param name="done">How many were sent.</param>
    /// <param name="total">Of how many.</param>
    public void Uploaded(long done, long total) => Transferred(SiteWork.Uploading, done, total);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        SiteProgress latest;
        lock (_guard)
        {
            latest = _latest = new(_latest.Work == SiteWork.Paused ? SiteWork.Paused : SiteWork.Training, value.StepsDone, value.StepsTotal);
        }

        Moved();
        activity.Steps(value.StepsDone, value.StepsTotal);
        activity.Progressed(latest);
        SiteSteps.Reach(StepNames.Training, attempt);
    }

    private void Transferred(SiteWork work, long done, long total)
    {
        SiteProgress latest;
        lock (_guard)
        {
            latest = _latest = _latest with { Work = work, BytesDone = done, BytesTotal = total };
        }

        Moved();
        activity.Progressed(latest);
    }

    private void Moved() => Interlocked.Increment(ref _moves);
}
