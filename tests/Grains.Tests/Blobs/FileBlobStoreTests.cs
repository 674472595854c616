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
        Assert.Null(store.Open(digest));
        Assert.Contains("missing", (await Assert.ThrowsAsync<FederationException>(() => store.ReadAllAsync(digest))).Message, StringComparison.Ordinal);
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
