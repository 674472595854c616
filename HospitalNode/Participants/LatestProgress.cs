using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>The newest progress of a training, set on its thread and read on others.</summary>
internal sealed class LatestProgress(SiteActivity activity) : IProgress<TrainingProgress>
{
    private readonly Lock _guard = new();
    private TrainingProgress _latest = new(0, 0);

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

    public void Report(TrainingProgress value)
    {
        lock (_guard)
        {
            _latest = value;
        }

        activity.Steps(value.StepsDone, value.StepsTotal);
    }
}
