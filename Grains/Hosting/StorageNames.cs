namespace FederatedOrleans.Hosting;

/// <summary>Name and version of the centre's grain storage. A state's own name is its identity there and is never renamed.</summary>
public static class StorageNames
{
    /// <summary>The storage provider of the central grains.</summary>
    public const string Grains = "centre";

    /// <summary>Version of what the file of one Silo's central grains holds; since 2 a run's older rounds are in pages; since 3 short blobs are
    /// in a file of their own.</summary>
    public const int FileVersion = 3;
}
