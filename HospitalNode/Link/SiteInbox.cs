using System.Collections.Immutable;

namespace FederatedOrleans.Site.Link;

/// <summary>All that the centre asks of this hospital, as of one moment.</summary>
/// <param name="Version">Grows with every change at the centre; one that is lower than what was seen may be older.</param>
/// <param name="Assignments">What is asked.</param>
/// <param name="ComeBackIn">How long the centre lets this hospital stay away; zero where it does not say.</param>
internal sealed record SiteInbox(long Version, ImmutableArray<SiteAssignment> Assignments, TimeSpan ComeBackIn = default);
