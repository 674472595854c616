using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Link;

/// <summary>How an attempt ended for this hospital's update.</summary>
/// <param name="IsDecided">Whether it has.</param>
/// <param name="Included">Digest of this hospital's update in the committed model; none where it is not in it.</param>
internal readonly record struct SiteOutcome(bool IsDecided, ContentDigest Included);
