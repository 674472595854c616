using FederatedOrleans.Data;
using FederatedOrleans.Site.Availability;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>Which failures of a job would come again however often it is tried. All others, of link and disk, pass.</summary>
internal static class JobFault
{
    /// <summary>What to tell the centre, or null where the job is worth another try.</summary>
    public static SiteFailure? Of(Exception exception) => exception switch
    {
        TrainingDivergedException => SiteFailure.Diverged,
        StoreAwayException => null,
        DatasetException => SiteFailure.DataFaulty,
        ComputationException or MemoryLostException or UnavailableException => SiteFailure.Internal,
        _ => null,
    };
}
