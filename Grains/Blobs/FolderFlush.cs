using System.Runtime.InteropServices;
using System.Text;

namespace FederatedOrleans.Blobs;

/// <summary>Makes a folder's entries durable: a file that was created or renamed keeps its name through a power cut.</summary>
internal static class FolderFlush
{
    // O_CLOEXEC, the same on every Linux that .NET runs on.
    private const int CloseOnExec = 0x80000;

    /// <summary>Returns once the entries are on the disk. Windows has no such call: its file system keeps a journal of renames.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(Encoding.UTF8.GetBytes(folder + '\0'), OperatingSystem.IsLinux() ? CloseOnExec : 0);
        if (handle < 0)
        {
            throw Fault(folder);
        }

        try
        {
            if (Synchronize(handle) != 0)
            {
                throw Fault(folder);
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException Fault(string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"The entries of {folder} can't be written to the disk: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int handle);

    [DllImport("libc", EntryPoint = "close", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
