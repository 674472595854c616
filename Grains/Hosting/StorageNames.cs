namespace FederatedOrleans.Hosting;

/// <summary>Names of grain storage. A state's own name is its identity in the database and is never renamed.</summary>
public static class StorageNames
{
    /// <summary>The storage provider of the central grains.</summary>
    public const string Grains = "centre";
}
