using FederatedOrleans.Diagnostics;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Announces the steps of an attempt at this hospital.</summary>
internal static class SiteSteps
{
    public static void Reach(string step, AttemptId attempt)
    {
        // Nobody listens in a hospital's process: its texts are not even made.
        if (Steps.AreWatched)
        {
            Steps.Reach(step, $"{attempt.Run}/{attempt.Round}/{attempt.Attempt}");
        }
    }
}
