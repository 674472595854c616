namespace FederatedOrleans.Availability;

/// <summary>Local dates on which a calendar is closed from midnight to midnight, whatever its weekly windows say.</summary>
/// <param name="First">The first date.</param>
/// <param name="Last">The last date, included.</param>
[GenerateSerializer, Immutable, Alias("fo.Blackout")]
public sealed record Blackout([property: Id(0)] DateOnly First, [property: Id(1)] DateOnly Last)
{
    /// <summary>Whether it ends no earlier than it begins.</summary>
    public bool IsValid => Last >= First;
}
