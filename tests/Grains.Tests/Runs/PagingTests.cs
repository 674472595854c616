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

    [Fact]
    public async Task A_run_of_many_rounds_knows_each_of_them_also_in_its_next_activation()
    {
        const int many = CommittedPages.PageRounds + 2;
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = many);
        for (var round = 1; round <= many; round++)
        {
            var epoch = await run.TrainAsync(round: round);
            foreach (var hospital in run.Hospitals)
            {
                await run.UploadAsync(hospital, [round, 0, 0], epoch: epoch, round: round);
            }

            await run.CommittedAsync(round);
        }

        await Centre.DeactivateAsync(run.Run);

        Assert.Equal(Enumerable.Range(1, many), (await run.Run.LineageAsync(1)).Select(manifest => manifest.Round));
        Assert.Equal(many, (await run.Run.DescribeModelAsync(null))!.Version);
        await run.AssertModelAsync(1, 1, 0, 0);
        Assert.Equal(RoundDecision.Committed, (await run.OutcomeAsync(run.Hospitals[0])).Decision);
        Assert.Equal(RoundDecision.NotCommitted, (await run.OutcomeAsync(run.Hospitals[0], attempt: 2)).Decision);
    }
}
