using FederatedOrleans.Availability;
using FederatedOrleans.Link.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Orleans.Core.Internal;

namespace FederatedOrleans.Hospitals;

/// <summary>Hours of a hospital on the real link.</summary>
public sealed class CalendarTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hours_that_a_hospital_says_hello_with_are_shown_and_tell_it_when_to_come_back()
    {
        await using var silo = new LinkSilo();
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("hours-a", "hours-b");
        using var channel = ChannelOf(run.Hospitals[0]);
        var client = new HospitalLink.HospitalLinkClient(channel);

        // It opens in half an hour, for an hour.
        var opens = TimeProvider.System.GetUtcNow().AddMinutes(30);
        var day = WeeklyWindow.On(opens.DayOfWeek, TimeOnly.FromDateTime(opens.UtcDateTime), TimeOnly.FromDateTime(opens.AddHours(1).UtcDateTime));
        var calendar = new Calendar { TimeZone = "UTC" };
        calendar.Weekly.Add(new CalendarWindow { StartMinute = day.Start, Minutes = day.Minutes });
        calendar.Blackouts.Add(new CalendarBlackout { First = "2020-02-29", Last = "2020-03-01" });
        using var call = client.Attend(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new AttendUp { Hello = new Hello { NodeVersion = "1.2.3", Calendar = calendar } }, Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        var hospital = silo.Grains.GetGrain<IHospitalGrain>(GrainKeys.Hospital("hours-a"));
        await LinkSilo.UntilAsync("the hospital to attend", async () => (await hospital.ViewAsync(Token)).Attending);
        var view = await hospital.ViewAsync(Token);
        Assert.Equal(new WeeklyAvailability { TimeZone = "UTC", Weekly = [day], Blackouts = [new(new(2020, 2, 29), new(2020, 3, 1))] }, view.Availability);
        Assert.False(view.IsOpen);

        // While something is asked of it, it comes as often as ever.
        Assert.Equal(TimeSpan.FromSeconds(15), await ComeBackInAsync(client));
        await run.StopAsync();
        await LinkSilo.UntilAsync("nothing to be asked", async () => (await hospital.InboxAsync(Token)).Assignments.IsEmpty);
        Assert.InRange(await ComeBackInAsync(client), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(30));

        // One that is open for as long as anybody looks, and one that is closed.
        await hospital.PublishAvailabilityAsync(new WeeklyAvailability { TimeZone = "UTC" }, Token);
        Assert.Equal(TimeSpan.FromSeconds(15), await ComeBackInAsync(client));
        await hospital.PublishAvailabilityAsync(
            new WeeklyAvailability { TimeZone = "UTC", Blackouts = [new(DateOnly.MinValue, DateOnly.MaxValue)] }, Token);
        Assert.Equal(TimeSpan.FromHours(1), await ComeBackInAsync(client));
    }

    [Fact]
    public async Task A_hospitals_grain_that_has_moved_learns_hours_and_datasets_with_the_next_heartbeat()
    {
        await using var silo = new LinkSilo();
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("moved-a", "moved-b");
        using var channel = ChannelOf(run.Hospitals[0]);
        using var call = new HospitalLink.HospitalLinkClient(channel).Attend(cancellationToken: Token);
        var hello = new Hello { NodeVersion = "1.2.3", Calendar = new Calendar { TimeZone = "UTC" } };
        hello.Datasets.Add(new Link.V1.OfferedDataset { Name = "wide", SchemaDigest = new string('a', 64), RowCountBucket = 100 });
        await call.RequestStream.WriteAsync(new AttendUp { Hello = hello }, Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        var hospital = silo.Grains.GetGrain<IHospitalGrain>(GrainKeys.Hospital("moved-a"));
        await LinkSilo.UntilAsync("the hospital to attend", async () => (await hospital.ViewAsync(Token)).Attending);

        await hospital.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Token);
        await LinkSilo.UntilAsync("a new activation", async () => (await hospital.ViewAsync(Token)).NodeVersion is null);
        await call.RequestStream.WriteAsync(new AttendUp { Heartbeat = new Heartbeat() }, Token);

        await LinkSilo.UntilAsync("the hospital to be known again", async () => (await hospital.ViewAsync(Token)).NodeVersion is not null);
        var view = await hospital.ViewAsync(Token);
        Assert.Equal((true, "wide", "UTC"), (view.Attending, Assert.Single(view.Datasets).Name, view.Availability?.TimeZone));
        await run.StopAsync();
    }

    [Fact]
    public async Task A_calendar_that_can_not_be_used_is_refused_with_the_reason()
    {
        await using var silo = new LinkSilo();
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("bad-a", "bad-b");
        using var channel = ChannelOf(run.Hospitals[0]);
        var client = new HospitalLink.HospitalLinkClient(channel);
        var window = new Calendar { TimeZone = "UTC" };
        window.Weekly.Add(new CalendarWindow { StartMinute = 10_080, Minutes = 1 });
        var many = new Calendar { TimeZone = "UTC" };
        many.Weekly.AddRange(Enumerable.Repeat(new CalendarWindow { StartMinute = 0, Minutes = 1 }, 65));
        var date = new Calendar { TimeZone = "UTC" };
        date.Blackouts.Add(new CalendarBlackout { First = "2026-02-30", Last = "2026-03-01" });
        foreach (var (calendar, reason) in new[]
        {
            (new Calendar { TimeZone = "Mars/Olympus" }, "the time zone is unknown"), (window, "a weekly window is out of range"),
            (many, "too many windows"), (date, "a blackout is no date"),
        })
        {
            using var call = client.Attend(cancellationToken: Token);
            await call.RequestStream.WriteAsync(new AttendUp { Hello = new Hello { NodeVersion = "1.2.3", Calendar = calendar } }, Token);
            var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                while (await call.ResponseStream.MoveNext(Token))
                {
                }
            });
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            Assert.Contains(reason, refused.Status.Detail, StringComparison.Ordinal);
        }

        await run.StopAsync();
    }

    [Fact]
    public void Every_reason_of_the_wire_has_words_of_its_own()
    {
        var words = Enum.GetValues<DeclineReason>().Select(LinkWording.Of).ToArray();
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.Equal((8, 9), ((int)DeclineReason.OutsideHours, (int)DeclineReason.NoResources));
    }

    private static async Task<TimeSpan> ComeBackInAsync(HospitalLink.HospitalLinkClient client) =>
        (await client.NextAssignmentAsync(new NextAssignmentRequest(), cancellationToken: Token)).ComeBackIn.ToTimeSpan();

    private static GrpcChannel ChannelOf(LinkHospital hospital) =>
        GrpcChannel.ForAddress(hospital.Http.BaseAddress!, new GrpcChannelOptions { HttpClient = hospital.Http });
}
