using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Hospitals;

/// <summary>All hospitals of a round are told of the same model, which is read once.</summary>
public sealed class ShortModelsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_that_ask_at_once_wait_for_one_reading()
    {
        byte[] model = [1, 2, 3, 4];
        var store = new Store(model);
        var models = new ShortModels(store);
        var asked = Enumerable.Range(0, 10).Select(_ => models.ReadAsync(ContentDigest.Of(model), Token)).ToArray();
        store.GoOn();

        Assert.All(await Task.WhenAll(asked), bytes => Assert.Equal(model, bytes));
        Assert.Equal(model, await models.ReadAsync(ContentDigest.Of(model), Token));
        Assert.Equal(1, store.Opened);
    }

    [Fact]
    public async Task What_could_not_be_read_is_read_again_and_whoever_goes_away_stops_nobody()
    {
        byte[] model = [1, 2, 3, 4];
        var store = new Store(model) { Fails = true };
        var models = new ShortModels(store);
        store.GoOn();
        Assert.Null(await models.ReadAsync(ContentDigest.Of(model), Token));

        store.Fails = false;
        store.Hold();
        using var leaving = new CancellationTokenSource();
        var left = models.ReadAsync(ContentDigest.Of(model), leaving.Token);
        var waits = models.ReadAsync(ContentDigest.Of(model), Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        store.GoOn();
        Assert.Equal(model, await waits);
        Assert.Null(await models.ReadAsync(ContentDigest.Of([9]), Token));
    }

    [Theory]
    [InlineData(ShortModels.Longest, true)]
    [InlineData(ShortModels.Longest + 1, false)]
    public async Task A_long_one_is_not_read(int length, bool isRead)
    {
        var model = new byte[length];
        var store = new Store(model);
        store.GoOn();
        Assert.Equal(isRead, await new ShortModels(store).ReadAsync(ContentDigest.Of(model), Token) is not null);
    }

    /// <summary>A store of one content, which is opened when the test says so.</summary>
    private sealed class Store(byte[] content) : IBlobStore
    {
        private TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Fails { get; set; }

        public int Opened { get; private set; }

        public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => _held.TrySetResult();

        public async ValueTask<Stream?> OpenAsync(ContentDigest digest, CancellationToken cancellationToken = default)
        {
            Opened++;
            await _held.Task;
            return Fails ? throw new IOException("The store is away.")
                : digest == ContentDigest.Of(content) ? new MemoryStream(content) : null;
        }

        public Task<ContentDigest> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<ContentDigest> PutAsync(long length, MakePiece make, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
