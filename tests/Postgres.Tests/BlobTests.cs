using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;
using FederatedOrleans.Postgres;

namespace FederatedOrleans;

public sealed class BlobTests(ServerFixture server) : IAsyncLifetime
{
    private PostgresDatabase? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PostgresBlobStore Store => new(_database!);

    public async ValueTask InitializeAsync() => _database = await server.OpenAsync();

    public ValueTask DisposeAsync() => _database!.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((5 << 20) + 17)]
    public async Task A_content_comes_back_as_it_was(int length)
    {
        var content = Noise(length);
        var digest = await Store.PutAsync(content, Token);

        Assert.Equal(ContentDigest.Of(content), digest);
        Assert.Equal(digest, await Store.PutAsync(content, Token));
        Assert.Equal(content, await Store.ReadAllAsync(digest, Token));
        Assert.Equal((length + (1 << 20) - 1) >> 20, await PiecesAsync());
    }

    [Fact]
    public async Task Reading_goes_on_from_any_byte()
    {
        var content = Noise((3 << 20) + 5);
        await using var stream = await Store.OpenAsync(await Store.PutAsync(content, Token), Token);
        foreach (var from in new[] { 0, 17, (1 << 20) - 1, 1 << 20, (2 << 20) + 1, content.Length - 1, content.Length, content.Length + 9 })
        {
            stream!.Position = from;
            using var rest = new MemoryStream();
            await stream.CopyToAsync(rest, Token);
            Assert.Equal(content.Skip(from), rest.ToArray());
        }
    }

    [Fact]
    public async Task What_is_not_there_is_not_opened()
    {
        Assert.Null(await Store.OpenAsync(ContentDigest.Of([1]), Token));
        Assert.Null(await Store.OpenAsync(ContentDigest.None, Token));
        await Assert.ThrowsAsync<FederationException>(() => Store.ReadAllAsync(ContentDigest.Of([1]), Token));
    }

    [Theory]
    [InlineData("UPDATE BlobPiece SET Bytes = set_byte(Bytes, 9, get_byte(Bytes, 9) # 1) WHERE Number = 1")]
    [InlineData("UPDATE BlobPiece SET Bytes = substr(Bytes, 2) WHERE Number = 0")]
    [InlineData("DELETE FROM BlobPiece WHERE Number = 2")]
    [InlineData("UPDATE Blob SET Length = 7")]
    public async Task What_is_damaged_is_not_read_and_is_repaired_by_being_put_again(string damage)
    {
        var content = Noise((2 << 20) + 17);
        var digest = await Store.PutAsync(content, Token);
        await using (var command = _database!.Source.CreateCommand(damage))
        {
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Token));
        }

        await Assert.ThrowsAsync<FederationException>(() => Store.ReadAllAsync(digest, Token));
        Assert.Equal(digest, await Store.PutAsync(content, Token));
        Assert.Equal(content, await Store.ReadAllAsync(digest, Token));
    }

    [Fact]
    public async Task Nobody_sees_half_a_content_that_many_put_at_once()
    {
        var content = Noise((4 << 20) + 1);
        var digest = ContentDigest.Of(content);
        var putting = Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Store.PutAsync(content, Token)));
        bool seen;
        do
        {
            var done = putting.IsCompleted;
            await using var stream = await Store.OpenAsync(digest, Token);
            seen = stream is not null;
            if (seen)
            {
                Assert.Equal(content, await Store.ReadAllAsync(digest, Token));
            }

            Assert.True(seen || !done);
        }
        while (!seen);

        Assert.All(await putting, put => Assert.Equal(digest, put));
        Assert.Equal(5, await PiecesAsync());
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private async Task<int> PiecesAsync()
    {
        await using var count = _database!.Source.CreateCommand("SELECT count(*) FROM BlobPiece");
        return (int)(long)(await count.ExecuteScalarAsync(Token))!;
    }
}
