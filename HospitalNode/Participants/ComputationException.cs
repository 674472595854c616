namespace FederatedOrleans.Site.Participants;

/// <summary>What this node computes on records has failed, and would fail again: only the kind of the failure is told.</summary>
/// <remarks>There is never an inner exception, nor another one's text: it might hold what must not be logged.</remarks>
/// <param name="kind">Name of the exception's type.</param>
internal sealed class ComputationException(string kind) : Exception(kind);
