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
    public async Task An_offer_of_an_earlier_stage_that_comes_late_takes_nothing_back()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        var hospital = run.Hospital(run.Hospitals[0]);
        var training = Assert.Single(await AskedAsync(hospital, run.Id));

        // As of a coordinator that is active twice, and elsewhere still asks who takes part.
        await hospital.OfferAsync(training with { Stage = AssignmentStage.Invited });
        Assert.Equal(AssignmentStage.Train, Assert.Single(await AskedAsync(hospital, run.Id)).Stage);
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

    [Fact]
    public async Task A_hospital_is_told_what_is_asked_of_it_and_to_ask_where_some_of_that_may_be_over()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        var hospital = run.Hospital(run.Hospitals[0]);
        await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Invited);
        var listener = new Listener();
        await hospital.AttendAsync(centre.Grains.CreateObjectReference<IHospitalObserver>(listener), "1.2.3", []);
        await run.TrainAsync();

        await Centre.UntilAsync(
            () => Task.FromResult(listener.Told), told => told?.Assignments is [{ Stage: AssignmentStage.Train }], "it is told to train");
        var inbox = await hospital.InboxAsync();
        Assert.True(listener.Told!.Version <= inbox.Version, "What was told is not newer than what holds.");
        Assert.Equal(inbox.Assignments, listener.Told.Assignments);

        // One more, which nobody repeats; when it has become old, the next change tells no list that holds it.
        await hospital.OfferAsync(inbox.Assignments[0] with { Run = $"{run.Id}-x", Round = 7 });
        await hospital.OfferAsync(inbox.Assignments[0] with { Run = $"{run.Id}-y", Round = 99 });
        await Centre.UntilAsync(() => Task.FromResult(listener.Told), told => told?.Assignments.Length == 3, "it is told of all");
        var asks = listener.Asks;
        centre.Time.Pass(TimeSpan.FromSeconds(16));
        await hospital.WithdrawAsync($"{run.Id}-y", 99, 1);
        await Centre.UntilAsync(() => Task.FromResult(listener.Asks), count => count > asks, "it is to ask");
        await run.Run.StopAsync("the test is over");
        GC.KeepAlive(listener);
    }

    private static async Task<HospitalAssignment[]> AskedAsync(IHospitalGrain hospital, string run) =>
        [.. (await hospital.InboxAsync()).Assignments.Where(assignment => assignment.Run == run)];

    private sealed class Listener : IHospitalObserver
    {
        public TaskCompletionSource Woken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HospitalInbox? Told { get; private set; }

        public int Asks { get; private set; }

        public Task WakeUpAsync()
        {
            Asks++;
            Woken.TrySetResult();
            return Task.CompletedTask;
        }

        public Task TellAsync(HospitalInbox inbox)
        {
            Told = inbox;
            Woken.TrySetResult();
            return Task.CompletedTask;
        }

        public Task DropAsync() => Task.CompletedTask;
    }
}
