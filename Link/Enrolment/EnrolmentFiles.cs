namespace FederatedOrleans.Link.Enrolment;

/// <summary>The files of a kit or of an authority: written once and whole, never overwritten, secrets readable by their owner only.</summary>
internal static class EnrolmentFiles
{
    public const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Shared = Secret | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode PrivateFolder = Secret | UnixFileMode.UserExecute;
    private const UnixFileMode OthersAccess =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // A certificate has about 1 KB; what is far larger is another file.
    private const int MaxBytes = 64 * 1024;

    /// <summary>Makes a folder that only its owner can enter, or takes over an empty one.</summary>
    /// <exception cref="EnrolmentException">It holds something, or can't be made.</exception>
    public static void CreatePrivateFolder(string folder) => Guard(folder, () =>
    {
        if (File.Exists(folder))
        {
            throw new EnrolmentException($"{folder} is a file. Name a new folder.");
        }

        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new EnrolmentException($"The folder {folder} is not empty, and nothing is ever overwritten. Name a new folder.");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, PrivateFolder);
        // One that was there already, still empty, may be open to others.
        File.SetUnixFileMode(folder, PrivateFolder);
    });

    /// <summary>Makes a folder within a private one.</summary>
    public static void CreateSubfolder(string folder) => Guard(folder, () =>
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, PrivateFolder);
        }
    });

    /// <summary>Writes a new file: all of it or nothing, and never over another.</summary>
    /// <exception cref="EnrolmentException">There is a file of that name, or it can't be written.</exception>
    public static void WriteNew(string path, string text, UnixFileMode mode) => Guard(path, () =>
    {
        var full = Path.GetFullPath(path);
        if (Path.Exists(full))
        {
            throw Exists(path);
        }

        if (Path.GetDirectoryName(full) is not { } parent || !Directory.Exists(parent))
        {
            throw new EnrolmentException($"{path} can't be written: its folder doesn't exist.");
        }

        var temporary = Path.Combine(parent, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            WriteThrough(temporary, text, mode);

            // Without overwriting this is a hard link and an unlink: a file that appears in between makes it fail.
            File.Move(temporary, full, overwrite: false);
        }
        catch (IOException) when (File.Exists(full) && File.Exists(temporary))
        {
            throw Exists(path);
        }
        finally
        {
            File.Delete(temporary);
        }
    });

    /// <summary>Reads a small text; null, and a fault, if there is none.</summary>
    public static string? Read(string path, List<string> faults)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                faults.Add($"{path} is missing.");
                return null;
            }

            if (file.Length > MaxBytes)
            {
                faults.Add($"{path} is larger than {MaxBytes / 1024} KiB: it is not what it should be.");
                return null;
            }

            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{path} can't be read: {fault.Message}");
            return null;
        }
    }

    /// <summary>Adds a fault if anyone but the owner may do anything with a file or folder.</summary>
    public static void CheckPrivate(string path, List<string> faults)
    {
        if (!OperatingSystem.IsWindows() && Path.Exists(path) && (File.GetUnixFileMode(path) & OthersAccess) != UnixFileMode.None)
        {
            faults.Add($"{path} is open to other users of this machine. Make it private: chmod go= {path}");
        }
    }

    private static void WriteThrough(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using var stream = new FileStream(path, options);
        using (var writer = new StreamWriter(stream, leaveOpen: true))
        {
            writer.Write(text);
        }

        stream.Flush(flushToDisk: true);
    }

    private static EnrolmentException Exists(string path) => new($"{path} exists, and nothing is ever overwritten.");

    private static void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new EnrolmentException($"{path} can't be written: {fault.Message}", fault);
        }
    }
}
