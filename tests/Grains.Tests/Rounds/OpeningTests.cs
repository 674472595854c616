using FederatedOrleans.Diagnostics;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;

namespace FederatedOrleans.Rounds;

/// <summary>The time in which an epoch's aggregator opens.</summary>
[Collection(nameof(Centre))]
public sealed class OpeningTests(Centre centre)
{
    [Fact]
    public async Task Hospitals_train_while_the_aggregator_opens_and_an_update_that_comes_first_waits_for_it_a_moment()
    {
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        var hospital = run.Hospitals[0];
        await run.TrainAsync();
        HospitalAssignment training;
        using (new HeldStep(StepNames.AggregatorOpened, run.Id))
        {
            // The next round's aggregator is asked to open before the hospitals have answered.
            foreach (var other in run.Hospitals)
            {
                await run.UploadAsync(other, [1, 1, 1]);
            }

            await run.AssignmentAsync(hospital, AssignmentStage.Invited, round: 2);
            await run.AcceptAsync(1, 2, run.Hospitals);
            training = await run.AssignmentAsync(hospital, AssignmentStage.Train, round: 2);

            var began = TimeProvider.System.GetTimestamp();
            Assert.Equal(RoundVerdict.Early, (await run.Coordinator(2).UploadTargetAsync(hospital, 1, training.Epoch)).Verdict);
            Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(0.9), "It waits.");
        }

        await Centre.UntilAsync(
            () => run.Coordinator(2).UploadTargetAsync(hospital, 1, training.Epoch), target => target.Verdict == RoundVerdict.Applied, "it is open");
        await run.Run.StopAsync("the test is over");
    }
}
