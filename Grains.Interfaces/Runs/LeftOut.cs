namespace FederatedOrleans.Runs;

/// <summary>A hospital whose update a committed model does not hold.</summary>
/// <param name="Hospital">Hospital id.</param>
/// <param name="Reason">Why, in words.</param>
[GenerateSerializer, Immutable, Alias("fo.LeftOut")]
public sealed record LeftOut([property: Id(0)] string Hospital, [property: Id(1)] string Reason);
