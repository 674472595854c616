namespace FederatedOrleans.Faults;

/// <summary>A small file system in memory over a folder, with the same files and a filler that leaves little room.</summary>
internal sealed class FullDisk : IAsyncDisposable
{
    private const int Block = 64 * 1024;
    private readonly string _place;

    private FullDisk(string place) => _place = place;

    private string Filler => Path.Combine(_place, "filler");

    /// <summary>Mounts it, which only root may.</summary>
    /// <param name="place">The folder.</param>
    /// <param name="leave">Bytes of room.</param>
    public static async Task<FullDisk> MountAsync(string place, int leave)
    {
        Directory.CreateDirectory(place);
        var files = Directory.GetFiles(place, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(place, file), File.ReadAllBytes, StringComparer.Ordinal);
        await AsRoot.RunAsync("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place);
        var disk = new FullDisk(place);
        try
        {
            foreach (var (name, bytes) in files)
            {
                var path = Path.Combine(place, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, bytes);
            }

            disk.Fill(leave);
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives room again.</summary>
    public void Clear() => File.Delete(Filler);

    public async ValueTask DisposeAsync() => await AsRoot.RunAsync("umount", "--lazy", _place);

    private void Fill(int leave)
    {
        using var file = File.Create(Filler, 1);
        var block = new byte[Block];
        while (new DriveInfo(_place).AvailableFreeSpace > leave + Block)
        {
            file.Write(block);
        }
    }
}
