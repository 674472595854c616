using System.Text;

namespace FederatedOrleans.Storage;

/// <summary>A process's data folder: writable, its owner's alone, and of one process at a time.</summary>
public sealed class DataFolder : IDisposable
{
    private const string OwnerFile = "owner.txt";
    private const string LockFile = "process.lock";
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Opens a folder, made where it is missing, and holds it until disposed.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="owner">Whose it is, as in <c>silo of heart-study</c>; marked in it at first and compared ever after.</param>
    /// <exception cref="DataFolderException">It is not writable, belongs to another owner, or is in use by another process.</exception>
    public static DataFolder Open(string path, string owner)
    {
        var full = System.IO.Path.GetFullPath(path);
        FileStream? held = null;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(full);
            }
            else
            {
                Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            held = Hold(full);
            var marker = System.IO.Path.Combine(full, OwnerFile);
            if (!File.Exists(marker))
            {
                if (Directory.EnumerateFileSystemEntries(full).Any(entry => System.IO.Path.GetFileName(entry) != LockFile))
                {
                    throw new DataFolderException(
                        $"The data folder {full} holds files that are not of this program. Name an empty folder, or one that does not exist.");
                }

                File.WriteAllText(marker, owner + "\n", Encoding.UTF8);
            }

            var found = File.ReadAllText(marker, Encoding.UTF8).Trim();
            return found == owner
                ? new DataFolder(full, held)
                : throw new DataFolderException($"The data folder {full} belongs to the {found}, not to the {owner}. Name another folder.");
        }
        catch (Exception exception)
        {
            held?.Dispose();
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new DataFolderException($"The data folder {full} can't be written to: {exception.Message}", exception);
            }

            throw;
        }
    }

    /// <summary>Whether <see cref="Open"/> would do, asked without leaving a folder that was not there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="owner">Whose it is.</param>
    /// <exception cref="DataFolderException">It would not.</exception>
    public static void Probe(string path, string owner)
    {
        var isNew = !Directory.Exists(path);
        using (Open(path, owner))
        {
        }

        if (isNew)
        {
            File.Delete(System.IO.Path.Combine(path, OwnerFile));
            File.Delete(System.IO.Path.Combine(path, LockFile));
            Directory.Delete(path);
        }
    }

    /// <summary>A path in the folder.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string full)
    {
        var path = System.IO.Path.Combine(full, LockFile);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new DataFolderException($"The data folder {full} is in use by another process. End that one first.", exception)
            {
                IsInUse = true,
            };
        }
    }
}
