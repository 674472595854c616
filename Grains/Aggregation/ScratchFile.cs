using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Aggregation;

/// <summary>An open scratch file.</summary>
/// <param name="handle">The file, which has no name.</param>
/// <param name="updateBytes">Bytes of the updates that it is for: it never gets longer.</param>
internal sealed class ScratchFile(SafeFileHandle handle, long updateBytes)
{
    /// <summary>The file.</summary>
    public SafeFileHandle Handle => handle;

    /// <summary>Bytes of the updates that it is for.</summary>
    public long UpdateBytes => updateBytes;

    /// <summary>Bytes that it takes of the disk.</summary>
    public long Bytes { get; set; }
}
