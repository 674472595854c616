namespace FederatedOrleans.Hospitals;

/// <summary>What waits for a hospital whose stream is slow, in whatever order it came.</summary>
public sealed class AttendStreamTests : IAsyncDisposable
{
    private readonly AttendStream _stream = new();
    private readonly IAsyncEnumerator<HospitalInbox?> _told;

    public AttendStreamTests() => _told = _stream.ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();

    public ValueTask DisposeAsync() => _told.DisposeAsync();

    [Fact]
    public async Task Of_several_the_newest_is_told()
    {
        await TellAsync(7, 8);
        Assert.Equal(8, (await NextAsync())?.Version);

        // Told again: a withdrawal of what is not there any more changes nothing, and still says that an outcome can be had.
        await TellAsync(8);
        Assert.Equal(8, (await NextAsync())?.Version);
    }

    [Theory]
    [InlineData(new long[] { 8, 7 })]
    [InlineData(new long[] { 8, 7, 9 })]
    public async Task One_that_was_overtaken_has_the_hospital_ask(long[] versions)
    {
        await TellAsync(versions);
        Assert.Null(await NextAsync());

        await TellAsync(10);
        Assert.Equal(10, (await NextAsync())?.Version);
    }

    [Fact]
    public async Task A_hospital_that_is_to_ask_is_told_so_whatever_comes_after()
    {
        await _stream.WakeUpAsync();
        await TellAsync(7);
        Assert.Null(await NextAsync());
    }

    [Fact]
    public async Task A_stream_that_is_dropped_ends()
    {
        await _stream.DropAsync();
        Assert.False(await _told.MoveNextAsync());
    }

    private async Task TellAsync(params long[] versions)
    {
        foreach (var version in versions)
        {
            await _stream.TellAsync(new HospitalInbox(version, []));
        }
    }

    private async Task<HospitalInbox?> NextAsync()
    {
        Assert.True(await _told.MoveNextAsync());
        return _told.Current;
    }
}
