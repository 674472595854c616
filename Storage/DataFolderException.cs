namespace FederatedOrleans.Storage;

/// <summary>A data folder that can't be used, in the owner's words.</summary>
public sealed class DataFolderException : Exception
{
    /// <summary>Without a reason; for serializers.</summary>
    public DataFolderException()
    {
    }

    /// <summary>With the reason.</summary>
    public DataFolderException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and its cause.</summary>
    public DataFolderException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
