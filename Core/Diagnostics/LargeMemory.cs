namespace FederatedOrleans.Diagnostics;

/// <summary>Memory of large models and updates, given back as soon as nobody needs them.</summary>
/// <remarks>
/// Arrays of a hundred megabytes are freed by full collections only, which a process that makes two of them a round comes to after many
/// rounds: until then it holds several times what it needs, on machines that are shared with others.
/// </remarks>
public static class LargeMemory
{
    private const long Large = 16L << 20;

    /// <summary>Collects what is over, where it was large. Whoever made it must be off the stack.</summary>
    /// <param name="bytes">Bytes of the model that nobody needs any more.</param>
    public static void Release(long bytes)
    {
        if (bytes >= Large)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        }
    }
}
