using FederatedOrleans.Hosting;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;

namespace FederatedOrleans;

/// <summary>A long account of a run comes in pages, none of which is a large message.</summary>
[Collection(nameof(Centre))]
public sealed class PagingTests(Centre centre)
{
    private const int Rounds = 3;

    [Fact]
    public async Task Versions_and_lineage_come_in_pages_of_moderate_size_and_whole()
    {
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = Rounds);
        for (var round = 1; round <= Rounds; round++)
        {
            await run.AcceptAsync(1, round, run.Hospitals[..2]);

            // A manifest as large as that of a round of thousands of hospitals.
            await run.AssignmentAsync(run.Hospitals[2], Hospitals.AssignmentStage.Invited, round: round);
            Assert.Equal(RoundVerdict.Applied, await run.Coordinator(round).AnswerAsync(run.Hospitals[2], 1, new string('x', 400_000)));
            await run.UploadAsync(run.Hospitals[0], [1, 1, 1], round: round);
            await run.UploadAsync(run.Hospitals[1], [1, 1, 1], round: round);
            await run.CommittedAsync(round);
        }

        Assert.Equal([1, 2], (await run.Run.LineageAsync(1)).Select(manifest => manifest.Round));
        Assert.Equal([3], (await run.Run.LineageAsync(3)).Select(manifest => manifest.Round));
        Assert.Empty(await run.Run.LineageAsync(4));
        Assert.Equal([1, 2], (await run.Run.VersionsAsync(1, 200)).Select(version => version.Manifest.Round));
        Assert.Equal([2], (await run.Run.VersionsAsync(2, 1)).Select(version => version.Manifest.Round));
        Assert.Empty(await run.Run.VersionsAsync(4, 200));
        Assert.Empty((await run.Run.DescribeModelAsync(null))!.Lineage);
    }
}
