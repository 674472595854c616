namespace FederatedOrleans.Operators;

/// <summary>Marks what a person opens: without a login it leads to the login page, where other endpoints answer 401.</summary>
internal sealed class OperatorPage;
