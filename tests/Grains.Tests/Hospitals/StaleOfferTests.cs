using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Hospitals;

/// <summary>An activation of a hospital's grain that the offers do not reach any more.</summary>
[Collection(nameof(Centre))]
public sealed class StaleOfferTests(Centre centre)
{
    [Fact]
    public async Task What_is_over_is_not_asked_for_for_ever_and_what_is_under_way_is()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        var hospital = run.Hospital(run.Hospitals[0]);

        // Offers come all the time here: that nobody repeats one is made up by one of a round that its coordinator has never begun.
        await hospital.OfferAsync(new HospitalAssignment
        {
            Run = run.Id, Round = 7, Attempt = 1, Epoch = 1, Stage = AssignmentStage.Train,
            PlanDigest = ContentDigest.Of([1]), Model = ContentDigest.Of([2]), Deadline = centre.Time.GetUtcNow() + TimeSpan.FromHours(9),
        });
        Assert.Equal(7, Assert.Single(await AskedAsync(hospital, run.Id)).Round);

        centre.Time.Pass(TimeSpan.FromSeconds(16));
        await Centre.UntilAsync(
            () => AskedAsync(hospital, run.Id), asked => asked is [{ Round: 1, Stage: AssignmentStage.Train }], "the round under way is asked for");
        await run.Run.StopAsync("the test is over");
    }

    private static async Task<HospitalAssignment[]> AskedAsync(IHospitalGrain hospital, string run) =>
        [.. (await hospital.NextAssignmentsAsync()).Where(assignment => assignment.Run == run)];
}
