using System.Runtime.InteropServices;

namespace FederatedOrleans.Storage;

/// <summary>Files that are whole or absent, and still there after a power cut once they were written.</summary>
/// <remarks>
/// A flush of a file keeps its bytes, not its name: the name is in the folder, and only a flush of the folder keeps a rename. On Windows
/// a folder can't be flushed; there the file system's journal keeps the order of renames.
/// </remarks>
public static partial class DurableFile
{
    private const string PartSuffix = ".part";
    private const int ReadOnly = 0;

    /// <summary>Writes a file whole: into a part file beside it, flushed, renamed, the rename flushed too. An older file is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="cancellationToken">Stops before the rename; an older file then stays as it was.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        var part = path + PartSuffix;
        using (var handle = File.OpenHandle(part, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, bytes.Length))
        {
            await RandomAccess.WriteAsync(handle, bytes, 0, cancellationToken);
            RandomAccess.FlushToDisk(handle);
        }

        cancellationToken.ThrowIfCancellationRequested();
        Rename(part, path);
    }

    /// <summary>Gives a file that is whole its name: flushes it, renames it, flushes the folder. An older file of that name is replaced.</summary>
    /// <param name="part">The file as it is named now, in the same folder.</param>
    /// <param name="path">Its name from now on.</param>
    /// <exception cref="IOException">It could not be flushed or renamed.</exception>
    public static void Publish(string part, string path)
    {
        using (var handle = File.OpenHandle(part, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(handle);
        }

        Rename(part, path);
    }

    /// <summary>Flushes a folder: the names in it, as they are now, outlast a power cut.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">It could not be flushed.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw Failure(folder, Marshal.GetLastPInvokeError());
        }

        var error = Flush(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        Close(descriptor);
        if (error != 0)
        {
            throw Failure(folder, error);
        }
    }

    private static void Rename(string part, string path)
    {
        File.Move(part, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static IOException Failure(string folder, int error) =>
        new($"The folder {folder} could not be flushed: {Marshal.GetPInvokeErrorMessage(error)}.");

    // File.OpenHandle refuses folders.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void Close(int descriptor);
}
