namespace FederatedOrleans.Runs;

/// <summary>Whether a command was carried out.</summary>
/// <param name="Done">True where it was, or had been before.</param>
/// <param name="Reason">Why not.</param>
[GenerateSerializer, Immutable, Alias("fo.CommandResult")]
public sealed record CommandResult([property: Id(0)] bool Done, [property: Id(1)] string? Reason)
{
    /// <summary>Carried out.</summary>
    public static CommandResult Ok { get; } = new(true, null);

    /// <summary>Refused.</summary>
    public static CommandResult Refused(string reason) => new(false, reason);
}
