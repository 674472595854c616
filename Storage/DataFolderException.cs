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

    /// <summary>Whether all that is wrong is that another process holds it.</summary>
    public bool IsInUse { get; init; }

    /// <summary>With the reason and its cause.</summary>
    public DataFolderException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
