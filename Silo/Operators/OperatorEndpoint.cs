namespace FederatedOrleans.Operators;

/// <summary>Marks every endpoint of the operator's pages.</summary>
internal sealed class OperatorEndpoint;
