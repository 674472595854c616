using FederatedOrleans.Identity;
using FederatedOrleans.Models;

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
    public async Task A_content_of_many_slices_is_one_file_and_repaired_when_damaged()
    {
        var store = new FileBlobStore(_folder);
        var content = new byte[(17 << 20) + 5];
        new Random(1).NextBytes(content);
        var digest = await store.PutAsync(content);
        Assert.Equal(ContentDigest.Of(content), digest);
        Assert.Equal(content, await store.ReadAllAsync(digest));

        var file = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, content[..^1]);
        Assert.Equal(digest, await store.PutAsync(content));
        Assert.Equal(content, await store.ReadAllAsync(digest));

        Assert.Equal(digest, await store.PutAsync(content));
        Assert.Equal([file], Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_content_whose_writing_ends_early_leaves_nothing()
    {
        var store = new FileBlobStore(_folder);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(new byte[20 << 20], new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(new byte[20], new CancellationToken(canceled: true)));
        Assert.Empty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(IBlobStore.PieceBytes)]
    [InlineData((17 << 20) + 5)]
    public async Task A_content_is_made_piece_by_piece_while_it_is_stored(int length)
    {
        var store = new FileBlobStore(_folder);
        var content = new byte[length];
        new Random(2).NextBytes(content);
        var starts = new List<long>();
        Task<ContentDigest> PutAsync() => store.PutAsync(length, async (start, piece, stop) =>
        {
            await Task.Yield();
            Assert.InRange(piece.Length, 1, IBlobStore.PieceBytes);
            starts.Add(start);
            content.AsSpan((int)start, piece.Length).CopyTo(piece.Span);
        });

        Assert.Equal(ContentDigest.Of(content), await PutAsync());
        Assert.Equal(Enumerable.Range(0, (length + IBlobStore.PieceBytes - 1) / IBlobStore.PieceBytes).Select(piece => (long)piece << 20), starts);
        Assert.Equal(content, await store.ReadAllAsync(ContentDigest.Of(content)));
        Assert.Equal(ContentDigest.Of(content), await PutAsync());
        Assert.Single(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task A_content_that_can_not_be_made_leaves_nothing(int failing)
    {
        var store = new FileBlobStore(_folder);
        await Assert.ThrowsAsync<InvalidDataException>(() => store.PutAsync(12 << 20, (start, _, _) =>
            start >> 20 == failing ? throw new InvalidDataException() : ValueTask.CompletedTask));
        Assert.Empty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1 << 18) + 1)]
    public async Task A_model_is_read_in_parts_that_make_the_whole(int length)
    {
        var store = new FileBlobStore(_folder);
        var model = new ParameterVector([.. Enumerable.Range(0, length).Select(value => value * 0.5f)]);
        var digest = await store.PutAsync(model.AsBytes());

        Assert.Equal(model.Span.ToArray(), await ReadPartsAsync(store, digest, length));
    }

    [Fact]
    public async Task A_model_that_is_missing_damaged_or_of_another_length_is_not_read_in_parts()
    {
        var store = new FileBlobStore(_folder);
        var digest = await store.PutAsync(new ParameterVector([1f, 2f]).AsBytes());
        async Task<string> WhyAsync(ContentDigest wanted, int length) =>
            (await Assert.ThrowsAsync<FederationException>(() => ReadPartsAsync(store, wanted, length))).Message;

        Assert.Contains("missing", await WhyAsync(ContentDigest.Of("other"u8), 2), StringComparison.Ordinal);
        Assert.Contains("damaged", await WhyAsync(digest, 3), StringComparison.Ordinal);
        var file = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, new ParameterVector([1f, 3f]).ToBytes());
        Assert.Contains("damaged", await WhyAsync(digest, 2), StringComparison.Ordinal);
    }

    internal static async Task<float[]> ReadPartsAsync(FileBlobStore store, ContentDigest digest, int length)
    {
        var read = new float[length];
        await using var parts = await ModelParts.OpenAsync(store, digest, length);
        for (var start = 0; start < length; start += 100_000)
        {
            await parts.ReadAsync(read.AsMemory(start, Math.Min(100_000, length - start)));
        }

        return read;
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
