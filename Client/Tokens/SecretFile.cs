using System.Text;

namespace FederatedOrleans.Tokens;

/// <summary>Files that only their owner may read, from their first byte on.</summary>
public static class SecretFile
{
    /// <summary>Creates a file with mode 0600. An existing one is never overwritten.</summary>
    /// <exception cref="IOException">The file is there already, or can't be written.</exception>
    public static void Create(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }
}
