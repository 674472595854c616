using System.Collections.Immutable;
using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Runs;

/// <summary>The committed rounds of a run, of which its state holds the newest only.</summary>
public sealed class CommittedPagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fo-pages-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_round_is_found_again_by_one_who_knows_the_state_only_and_the_state_stays_small()
    {
        var blobs = new FileBlobStore(_folder);
        var writer = new CommittedPages(blobs);
        var state = new RunState { InitialModel = ContentDigest.Of([0]) };
        Assert.Equal((1, ContentDigest.Of([0])), (state.Round, state.Model));
        for (var round = 1; round <= (3 * CommittedPages.PageRounds) + 1; round++)
        {
            state = await writer.AppendAsync(state, Committed(round), Token);

            Assert.Equal((round, round + 1, Committed(round).Model), (state.CommittedRounds, state.Round, state.Model));
            Assert.InRange(state.Newest.Length, 1, CommittedPages.PageRounds);
        }

        Assert.Equal(3, state.Pages.Length);
        await AssertAllAsync(blobs, state);
    }

    [Fact]
    public async Task A_state_that_holds_every_round_is_put_into_pages_by_the_next_commit()
    {
        var blobs = new FileBlobStore(_folder);
        var state = new RunState { Newest = [.. Enumerable.Range(1, 150).Select(Committed)] };
        await AssertAllAsync(blobs, state);

        state = await new CommittedPages(blobs).AppendAsync(state, Committed(151), Token);

        Assert.Equal((2, 151), (state.Pages.Length, state.CommittedRounds));
        await AssertAllAsync(blobs, state);
    }

    private static async Task AssertAllAsync(FileBlobStore blobs, RunState state)
    {
        var reader = new CommittedPages(blobs);
        var read = ImmutableArray.CreateBuilder<CommittedRound>();
        for (var round = 1; round <= state.CommittedRounds; round++)
        {
            read.Add(await reader.ReadAsync(state, round, Token));
        }

        Assert.Equal(Enumerable.Range(1, state.CommittedRounds).Select(Committed), read);
    }

    private static CommittedRound Committed(int round) => new()
    {
        Attempt = 1 + (round % 3),
        Model = ContentDigest.Of(BitConverter.GetBytes(round)),
        Manifest = ContentDigest.Of(BitConverter.GetBytes(-round)),
    };
}
