using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Blobs;

/// <summary>What the system keeps of files in memory.</summary>
internal static class FileCache
{
    // POSIX_FADV_DONTNEED, the same on every 64-bit Linux but that of IBM's mainframes.
    private const int DontNeed = 4;

    /// <summary>Lets the system have the memory of what was read and is not soon read again: the file that is written next takes it.</summary>
    /// <remarks>A hint: where the system has no such call, or refuses it, nothing happens.</remarks>
    /// <param name="file">The file.</param>
    /// <param name="end">Where what was read ends.</param>
    public static void LetGo(SafeFileHandle file, long end)
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            _ = Advise(file, 0, (nint)end, DontNeed);
        }
    }

    [DllImport("libc", EntryPoint = "posix_fadvise", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(SafeFileHandle file, nint start, nint length, int advice);
}
