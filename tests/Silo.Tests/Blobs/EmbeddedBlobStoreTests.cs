using FederatedOrleans.Identity;
using FederatedOrleans.Observing;
using FederatedOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace FederatedOrleans.Blobs;

public sealed class EmbeddedBlobStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fo-embedded-").FullName;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<FederationMetrics>().BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Files => Path.Combine(_folder, "blobs");

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(EmbeddedBlobStore.LongestShort, 0)]
    [InlineData(EmbeddedBlobStore.LongestShort + 1, 1)]
    [InlineData(3 << 20, 1)]
    public async Task Short_contents_are_no_files_and_all_are_found_however_they_are_put(int length, int files)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);
        using (var store = Open())
        {
            Assert.Equal(ContentDigest.Of(content), await store.PutAsync(content, Token));
            Assert.Equal(ContentDigest.Of(content), await store.PutAsync(length, Make, Token));
        }

        Assert.Equal(files, Directory.EnumerateFiles(Files, "*", SearchOption.AllDirectories).Count());
        using var again = Open();
        Assert.Equal(content, await again.ReadAllAsync(ContentDigest.Of(content), Token));
        await using (var stream = await again.OpenAsync(ContentDigest.Of(content), Token))
        {
            // A download goes on in the middle.
            stream!.Position = length / 2;
            var rest = new byte[length - (length / 2)];
            await stream.ReadExactlyAsync(rest, Token);
            Assert.Equal(content[(length / 2)..], rest);
        }

        Assert.Null(await again.OpenAsync(ContentDigest.Of("other"u8), Token));
        Assert.Null(await again.OpenAsync(default, Token));

        ValueTask Make(long start, Memory<byte> piece, CancellationToken stop)
        {
            content.AsMemory((int)start, piece.Length).CopyTo(piece);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task What_an_earlier_version_stored_as_a_file_is_found()
    {
        var digest = await new FileBlobStore(Files).PutAsync(new byte[] { 1, 2, 3 }, Token);

        using var store = Open();
        Assert.Equal([1, 2, 3], await store.ReadAllAsync(digest, Token));
    }

    [Fact]
    public async Task What_is_damaged_is_told_as_damaged_hides_no_intact_file_and_is_repaired_by_being_put_again()
    {
        var digest = ContentDigest.Of([1, 2, 3]);
        using (var damaged = SqliteContents.Open(Path.Combine(_folder, "blobs.db")))
        {
            damaged.Put(Convert.FromHexString(digest.Hex), [1, 2, 4]);
        }

        using var store = Open();
        var told = await Assert.ThrowsAsync<FederationException>(() => store.ReadAllAsync(digest, Token));
        Assert.Contains("damaged", told.Message, StringComparison.Ordinal);

        await new FileBlobStore(Files).PutAsync(new byte[] { 1, 2, 3 }, Token);
        Assert.Equal([1, 2, 3], await store.ReadAllAsync(digest, Token));

        Directory.Delete(Files, recursive: true);
        await store.PutAsync(new byte[] { 1, 2, 3 }, Token);
        Assert.Equal([1, 2, 3], await store.ReadAllAsync(digest, Token));
    }

    [Fact]
    public async Task A_content_that_can_not_be_made_or_is_given_up_leaves_nothing()
    {
        using var store = Open();
        await Assert.ThrowsAsync<InvalidDataException>(() => store.PutAsync(20, (_, _, _) => throw new InvalidDataException(), Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(new byte[] { 1 }, new CancellationToken(canceled: true)));

        Assert.Null(await store.OpenAsync(ContentDigest.Of([1]), Token));
        Assert.Null(await store.OpenAsync(ContentDigest.Of(new byte[20]), Token));
    }

    private EmbeddedBlobStore Open() => new(SqliteContents.Open(Path.Combine(_folder, "blobs.db")), Files, _services.GetRequiredService<FederationMetrics>());
}
