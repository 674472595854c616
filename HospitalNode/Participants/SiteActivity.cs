using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>What a site is doing now. Read by its status file; written from several threads.</summary>
internal sealed class SiteActivity
{
    private readonly Lock _guard = new();
    private SiteActivityView _view = new();

    /// <summary>A snapshot.</summary>
    public SiteActivityView View
    {
        get
        {
            lock (_guard)
            {
                return _view;
            }
        }
    }

    public void Connected(DateTimeOffset now) =>
        Set(view => view with { IsConnected = true, DisconnectedBecause = null, LastContact = now });

    /// <summary>The stream is not open; why, in words, where it is known.</summary>
    public void Disconnected(string? because) => Set(view => view with { IsConnected = false, DisconnectedBecause = because });

    public void Contact(DateTimeOffset now) => Set(view => view with { LastContact = now });

    public void Begins(SiteAssignment assignment) =>
        Set(view => view with { Work = $"{assignment.Id}", Stage = assignment.Stage, StepsDone = 0, StepsTotal = 0, Progress = null });

    public void Steps(long done, long total) => Set(view => view with { StepsDone = done, StepsTotal = total });

    /// <summary>What is done for a training, and how far it is.</summary>
    public void Progressed(SiteProgress progress) => Set(view => view with { Progress = progress });

    /// <summary>Training pauses, or with null goes on.</summary>
    public void Paused(string? because) => Set(view => view with { PausedBecause = because });

    /// <summary>A job failed: in words for people, without anything of a record.</summary>
    public void Failed(string fault, DateTimeOffset now) => Set(view => view with { LastFault = fault, LastFaultAt = now });

    /// <summary>A job came to its end: what went wrong before it is of no more interest.</summary>
    public void Finished() => Set(view => view with { LastFault = null, LastFaultAt = null });

    public void Ends() => Set(view => view with { Work = null, Stage = null, Progress = null });

    private void Set(Func<SiteActivityView, SiteActivityView> change)
    {
        lock (_guard)
        {
            _view = change(_view);
        }
    }
}
