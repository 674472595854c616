namespace FederatedOrleans.Client;

/// <summary>The centre did not answer. Nothing is known of whether the request was carried out; asking again is safe.</summary>
public sealed class CentreUnreachableException : Exception
{
    /// <summary>Without a reason.</summary>
    public CentreUnreachableException()
    {
    }

    /// <summary>With the reason in the caller's words.</summary>
    public CentreUnreachableException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason in the caller's words and its cause.</summary>
    public CentreUnreachableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
