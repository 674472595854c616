namespace FederatedOrleans.Operators;

/// <summary>Marks an endpoint that tells nothing, so that it needs no check of the Host header.</summary>
internal sealed class AnyHostAllowed;
