namespace FederatedOrleans.Site.Participants;

/// <summary>What the participant keeps across rounds is gone from the site's disk, and the run can't go on here without it.</summary>
/// <param name="what">What is gone.</param>
internal sealed class MemoryLostException(string what)
    : Exception($"{what} is gone from the site's disk, or is not what it was: this hospital can take part in a new run, but no more in this one");
