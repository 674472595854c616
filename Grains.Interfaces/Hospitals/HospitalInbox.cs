using System.Collections.Immutable;

namespace FederatedOrleans.Hospitals;

/// <summary>All that is asked of a hospital, rounds first, as of one moment.</summary>
/// <param name="Version">
/// Grows with every change, so that of two the older one is known, whichever comes first. Where the clock was set back between two
/// activations of the grain it begins below what was told before.
/// </param>
/// <param name="Assignments">What is asked.</param>
[GenerateSerializer, Immutable, Alias("fo.HospitalInbox")]
public sealed record HospitalInbox(
    [property: Id(0)] long Version, [property: Id(1)] ImmutableArray<HospitalAssignment> Assignments);
