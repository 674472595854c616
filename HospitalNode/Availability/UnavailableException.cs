namespace FederatedOrleans.Site.Availability;

/// <summary>A training was given up: the node was not free for it again in time.</summary>
/// <param name="reason">Why, in words for the people at this node.</param>
internal sealed class UnavailableException(string reason) : Exception($"given up: {reason}");
