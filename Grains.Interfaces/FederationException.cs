namespace FederatedOrleans;

/// <summary>A request that can't be carried out for a reason its sender can understand.</summary>
[GenerateSerializer, Alias("fo.FederationException")]
public sealed class FederationException : Exception
{
    /// <summary>Without a reason; for serializers.</summary>
    public FederationException()
    {
    }

    /// <summary>With the reason in the sender's words.</summary>
    public FederationException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason in the sender's words and its cause.</summary>
    public FederationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
