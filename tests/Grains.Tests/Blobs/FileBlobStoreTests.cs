using FederatedOrleans.Identity;

namespace FederatedOrleans.Blobs;

public sealed class FileBlobStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fo-blobs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_content_put_twice_is_one_file()
    {
        var store = new FileBlobStore(_folder);
        var digest = await store.PutAsync(new byte[] { 1, 2, 3 });

        Assert.Equal(digest, await store.PutAsync(new byte[] { 1, 2, 3 }));
        Assert.Equal([1, 2, 3], await store.ReadAllAsync(digest));
        Assert.Single(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_damaged_or_missing_file_is_not_read()
    {
        var store = new FileBlobStore(_folder);
        var digest = await store.PutAsync(new byte[] { 1, 2, 3 });
        var file = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, [1, 2, 4]);
        Assert.Contains("damaged", (await Assert.ThrowsAsync<FederationException>(() => store.ReadAllAsync(digest))).Message, StringComparison.Ordinal);

        File.Delete(file);
        Assert.Null(await store.OpenAsync(digest));
        Assert.Contains("missing", (await Assert.ThrowsAsync<FederationException>(() => store.ReadAllAsync(digest))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_repaired_when_its_content_is_put_again()
    {
        var store = new FileBlobStore(_folder);
        var digest = await store.PutAsync(new byte[] { 1, 2, 3 });
        var file = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Single();
        foreach (var damaged in new byte[][] { [1, 2, 4], [1, 2], [] })
        {
            await File.WriteAllBytesAsync(file, damaged);
            Assert.Equal(digest, await store.PutAsync(new byte[] { 1, 2, 3 }));
            Assert.Equal([1, 2, 3], await store.ReadAllAsync(digest));
        }

        Assert.Single(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Nothing_is_put_before_the_names_of_file_and_folders_are_on_the_disk()
    {
        var root = Path.Combine(_folder, "blobs");
        var flushed = new List<(string Folder, bool FileIsThere)>();
        var digest = ContentDigest.Of([1, 2, 3]);
        var folder = Path.Combine(root, digest.Hex[..2]);
        var store = new FileBlobStore(root, path => flushed.Add((path, File.Exists(Path.Combine(folder, digest.Hex)))));
        Assert.Equal([(_folder, false)], flushed);

        await store.PutAsync(new byte[] { 1, 2, 3 });
        Assert.Equal([(_folder, false), (root, false), (folder, true)], flushed);

        // The process that put it first may have died before its flush.
        await store.PutAsync(new byte[] { 1, 2, 3 });
        Assert.Equal((folder, true), flushed[^1]);
        Assert.Equal(4, flushed.Count);
    }

    [Fact]
    public void A_folder_that_can_not_be_flushed_is_an_error_and_one_that_can_is_not()
    {
        FolderFlush.Flush(_folder);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Throws<IOException>(() => FolderFlush.Flush(Path.Combine(_folder, "missing")));
        }
    }

    [Fact]
    public void What_an_earlier_process_did_not_finish_is_removed()
    {
        var left = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "ab")).FullName, "abc.0.part");
        File.WriteAllText(left, "half");
        _ = new FileBlobStore(_folder);

        Assert.False(File.Exists(left));
    }
}
