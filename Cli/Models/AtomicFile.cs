namespace FederatedOrleans.Cli.Models;

/// <summary>Files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    public static void Check(string path, bool overwrite)
    {
        if (Directory.Exists(path))
        {
            throw new FederationException($"{path} is a folder: name a file.");
        }

        if (!overwrite && File.Exists(path))
        {
            throw new FederationException($"{path} is there already: --force overwrites it.");
        }
    }

    public static void Write(string path, byte[] content, bool overwrite)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
