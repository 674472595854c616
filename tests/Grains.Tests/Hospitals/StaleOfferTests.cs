using FederatedOrleans.Availability;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Rounds;

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

    [Fact]
    public async Task A_round_that_takes_long_to_be_aggregated_asks_nothing_of_its_hospitals_and_they_go_on_attending()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        var hospital = run.Hospital(run.Hospitals[0]);
        var listener = new Listener();
        var observer = centre.Grains.CreateObjectReference<IHospitalObserver>(listener);
        await hospital.AttendAsync(observer, "1.2.3", []);
        using (new HeldStep(StepNames.FoldBegins, run.Id))
        {
            foreach (var (index, id) in run.Hospitals.Index())
            {
                await run.UploadAsync(id, [index, 1, 2]);
            }

            await run.PhaseAsync(RoundPhase.Closing);
            centre.Time.Pass(TimeSpan.FromMinutes(1));

            Assert.Empty(await AskedAsync(hospital, run.Id));
            var view = await hospital.ViewAsync();
            Assert.Equal((true, "1.2.3"), (view.Attending, view.NodeVersion));
        }

        // So that it hears that the round is over.
        await listener.Woken.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        GC.KeepAlive(listener);
    }

    [Fact]
    public async Task A_new_activation_asks_its_hospital_to_say_again_what_it_offers()
    {
        await centre.EnrolAsync("moved");
        var hospital = centre.Grains.GetGrain<IHospitalGrain>(GrainKeys.Hospital("moved"));
        var listener = new Listener();
        var observer = centre.Grains.CreateObjectReference<IHospitalObserver>(listener);
        var calendar = new WeeklyAvailability { TimeZone = "UTC" };
        async Task IntroduceAsync()
        {
            await hospital.PublishAvailabilityAsync(calendar);
            await hospital.AttendAsync(observer, "1.2.3", [new("toy", ContentDigest.Of([1]), 100)]);
        }

        await IntroduceAsync();
        Assert.True(await hospital.HeartbeatAsync(observer));
        await Centre.DeactivateAsync(hospital);
        await Centre.UntilAsync(() => hospital.HeartbeatAsync(observer), knows => !knows, "the new activation says that it knows nothing");
        await IntroduceAsync();

        Assert.True(await hospital.HeartbeatAsync(observer));
        var view = await hospital.ViewAsync();
        Assert.Equal(("1.2.3", "toy", calendar), (view.NodeVersion, Assert.Single(view.Datasets).Name, view.Availability));
        GC.KeepAlive(listener);
    }

    private static async Task<HospitalAssignment[]> AskedAsync(IHospitalGrain hospital, string run) =>
        [.. (await hospital.NextAssignmentsAsync()).Where(assignment => assignment.Run == run)];

    private sealed class Listener : IHospitalObserver
    {
        public TaskCompletionSource Woken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WakeUpAsync()
        {
            Woken.TrySetResult();
            return Task.CompletedTask;
        }

        public Task DropAsync() => Task.CompletedTask;
    }
}
