namespace FederatedOrleans.Updates;

/// <summary>How the centre took an upload.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Held">Bytes held.</param>
/// <param name="Epoch">The current epoch.</param>
/// <param name="Reason">Why refused.</param>
public sealed record IntakeResult(IntakeVerdict Verdict, long Held, long Epoch, string? Reason = null);
