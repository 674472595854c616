using System.Collections.Immutable;
using FederatedOrleans.Blobs;

namespace FederatedOrleans.Runs;

/// <summary>Which rounds a run has committed: the newest in its state, older ones in pages among the blobs that the state names.</summary>
/// <remarks>A commit writes the run's state as a whole. With every round in it, a run of many thousand would be slowed down by its own past.</remarks>
internal sealed class CommittedPages(IBlobStore blobs)
{
    /// <summary>Rounds of a page, and most of them in the state.</summary>
    public const int PageRounds = 64;

    private const int Kept = 16;

    private readonly JsonBlobs<ImmutableArray<CommittedRound>> _pages = new(blobs, Kept);

    /// <summary>The state with one more committed round. What the state will name is stored before.</summary>
    public async Task<RunState> AppendAsync(RunState state, CommittedRound committed, CancellationToken cancellationToken)
    {
        var (pages, newest) = (state.Pages, state.Newest);
        while (newest.Length >= PageRounds)
        {
            pages = pages.Add(await _pages.PutAsync(newest[..PageRounds], cancellationToken));
            newest = newest[PageRounds..];
        }

        return state with { Pages = pages, Newest = newest.Add(committed) };
    }

    /// <summary>A committed round.</summary>
    /// <param name="state">The run's state.</param>
    /// <param name="round">From 1 to <see cref="RunState.CommittedRounds"/>.</param>
    /// <param name="cancellationToken">Ends the wait for its page.</param>
    public async ValueTask<CommittedRound> ReadAsync(RunState state, int round, CancellationToken cancellationToken)
    {
        var inPages = state.Pages.Length * PageRounds;
        if (round > inPages)
        {
            return state.Newest[round - inPages - 1];
        }

        var (page, index) = Math.DivRem(round - 1, PageRounds);
        return (await _pages.ReadAsync(state.Pages[page], cancellationToken))[index];
    }
}
