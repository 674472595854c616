namespace FederatedOrleans.Tokens;

/// <summary>What a token is for. One made for one use is refused for the other.</summary>
public enum TokenUse
{
    /// <summary>Calls of a researcher's or operator's client.</summary>
    Client = 1,

    /// <summary>One login to the operator pages.</summary>
    Login = 2,
}
