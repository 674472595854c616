using System.Text;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Blobs;

/// <summary>Values that are kept as JSON blobs.</summary>
public sealed class JsonBlobsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fo-json-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_bytes_are_those_of_every_version_of_the_program()
    {
        var store = new FileBlobStore(_folder);
        var digest = await new JsonBlobs<CommittedRound>(store, kept: 1).PutAsync(Round(2), Token);

        var model = ContentDigest.Of([2]);
        Assert.Equal(
            $$"""{"attempt":2,"model":"{{model.Hex}}","manifest":"{{model.Hex}}"}""",
            Encoding.UTF8.GetString(await store.ReadAllAsync(digest, Token)));
    }

    [Fact]
    public async Task Everything_is_read_again_by_itself_and_by_others_however_little_is_kept()
    {
        var store = new FileBlobStore(_folder);
        var writer = new JsonBlobs<CommittedRound>(store, kept: 2);
        var digests = new List<ContentDigest>();
        for (byte number = 0; number < 5; number++)
        {
            digests.Add(await writer.PutAsync(Round(number), Token));
        }

        var reader = new JsonBlobs<CommittedRound>(store, kept: 2);
        foreach (var (digest, number) in digests.Concat(digests).Select((digest, index) => (digest, (byte)(index % 5))))
        {
            Assert.Equal(Round(number), await writer.ReadAsync(digest, Token));
            Assert.Equal(Round(number), await reader.ReadAsync(digest, Token));
        }
    }

    [Fact]
    public async Task What_was_put_last_is_not_read_from_the_store_and_what_was_put_long_ago_is()
    {
        var writer = new JsonBlobs<CommittedRound>(new FileBlobStore(_folder), kept: 2);
        var first = await writer.PutAsync(Round(1), Token);
        await writer.PutAsync(Round(2), Token);
        var last = await writer.PutAsync(Round(3), Token);
        Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);

        Assert.Equal(Round(3), await writer.ReadAsync(last, Token));
        await Assert.ThrowsAsync<FederationException>(async () => await writer.ReadAsync(first, Token));
    }

    private static CommittedRound Round(byte number) =>
        new() { Attempt = number, Model = ContentDigest.Of([number]), Manifest = ContentDigest.Of([number]) };
}
