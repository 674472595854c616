using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace FederatedOrleans.Blobs;

/// <summary>A model that is read to make the next one gives its memory back to the system.</summary>
public sealed class FileCacheTests : IDisposable
{
    private const int Parameters = 2 << 20;

    // Beside the tests, not where temporary files are: that may be a file system which has no other place for a file than memory.
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"cache-{Guid.NewGuid():N}")).FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_model_read_part_by_part_does_not_stay_in_memory_and_is_read_again_from_the_disk()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The system is asked how it keeps files as Linux is.");
        Assert.SkipWhen(new DriveInfo(_folder).DriveFormat is "tmpfs" or "ramfs", "Files in memory have no other place.");
        var store = new FileBlobStore(_folder);
        var content = new byte[Parameters * sizeof(float)];
        new Random(1).NextBytes(content);
        var digest = await store.PutAsync(content);
        var file = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Single();
        var kept = ResidentPages(file);
        Assert.InRange(kept, content.Length / Environment.SystemPageSize / 2, content.Length / Environment.SystemPageSize);

        await FileBlobStoreTests.ReadPartsAsync(store, digest, Parameters);
        Assert.InRange(ResidentPages(file), 0, kept / 4);

        await FileBlobStoreTests.ReadPartsAsync(store, digest, Parameters);
        Assert.Equal(content, await store.ReadAllAsync(digest));
    }

    private static int ResidentPages(string path)
    {
        using var mapped = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = mapped.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        var handle = view.SafeMemoryMappedViewHandle;
        var pages = new byte[((int)handle.ByteLength + Environment.SystemPageSize - 1) / Environment.SystemPageSize];
        Assert.Equal(0, Resident(handle.DangerousGetHandle(), (nint)handle.ByteLength, pages));
        return pages.Count(page => (page & 1) != 0);
    }

    [DllImport("libc", EntryPoint = "mincore", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Resident(nint start, nint length, byte[] pages);
}
