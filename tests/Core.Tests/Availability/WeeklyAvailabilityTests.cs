using System.Collections.Immutable;
using System.Globalization;
using CsCheck;

namespace FederatedOrleans.Availability;

public sealed class WeeklyAvailabilityTests
{
    // Each with a change of the clocks within the week that follows, by 60 and by 30 minutes, or none at all.
    private static readonly (string Zone, string Near)[] Places =
    [
        ("Europe/Zurich", "2026-03-27T00:00Z"), ("Europe/Zurich", "2026-10-23T00:00Z"), ("America/New_York", "2026-03-06T00:00Z"),
        ("Australia/Lord_Howe", "2026-04-03T00:00Z"), ("Australia/Lord_Howe", "2026-10-02T00:00Z"), ("Asia/Kathmandu", "2026-06-01T00:00Z"),
        ("UTC", "2026-12-30T00:00Z"),
    ];

    internal static readonly Gen<(WeeklyAvailability Calendar, DateTimeOffset From)> Calendars =
        from place in Gen.Int[0, Places.Length - 1]
        from hour in Gen.Int[0, 60]
        from weekly in Gen.Select(Gen.Int[0, WeeklyWindow.MinutesPerWeek - 1], Gen.Int[1, WeeklyWindow.MinutesPerDay], (start, minutes) => new WeeklyWindow(start, minutes)).Array[0, 8]
        from blackouts in Gen.Select(Gen.Int[-2, 9], Gen.Int[0, 2]).Array[0, 3]
        let near = At(Places[place].Near)
        select (
            new WeeklyAvailability
            {
                TimeZone = Places[place].Zone,
                Weekly = [.. weekly],
                Blackouts =
                [
                    .. blackouts.Select(days => new Blackout(
                        DateOnly.FromDateTime(near.UtcDateTime).AddDays(days.Item1), DateOnly.FromDateTime(near.UtcDateTime).AddDays(days.Item1 + days.Item2))),
                ],
            },
            near.AddHours(hour));

    [Fact]
    public void Open_intervals_are_those_of_the_clock_on_the_wall() => Calendars.Sample(
        sample => Assert.Equal(
            SlowCalendar.Intervals(sample.Calendar, sample.From, sample.From.AddDays(5)),
            sample.Calendar.OpenIntervals(sample.From, sample.From.AddDays(5)).Select(open => new OpenInterval(open.From, open.To))),
        iter: 150);

    [Fact]
    public void A_moment_is_open_as_the_clock_on_the_wall_says() => Gen.Select(Calendars, Gen.Int[0, 10_000]).Sample(
        (sample, minutes) => Assert.Equal(
            SlowCalendar.IsOpen(sample.Calendar, sample.From.AddMinutes(minutes)), sample.Calendar.IsOpen(sample.From.AddMinutes(minutes))),
        iter: 5_000);

    [Theory]

    // An evening window over midnight: the last minute, the first closed one, and the next evening.
    [InlineData("2026-06-02T03:59Z", true, "2026-06-02T03:59Z")]
    [InlineData("2026-06-02T04:00Z", false, "2026-06-02T20:00Z")]
    [InlineData("2026-06-02T20:00Z", true, "2026-06-02T20:00Z")]

    // Sunday night reaches into Monday.
    [InlineData("2026-06-08T02:00Z", true, "2026-06-08T02:00Z")]

    // Summer time begins on 29 March 2026 at 01:00 UTC: the same wall clock is an hour earlier in UTC from then on.
    [InlineData("2026-03-28T20:59Z", false, "2026-03-28T21:00Z")]
    [InlineData("2026-03-29T04:00Z", false, "2026-03-29T20:00Z")]

    // It ends on 25 October at 01:00 UTC.
    [InlineData("2026-10-25T04:59Z", true, "2026-10-25T04:59Z")]
    [InlineData("2026-10-25T05:00Z", false, "2026-10-25T21:00Z")]

    // A blackout takes the whole date, not the night that begins before it.
    [InlineData("2026-12-24T22:59Z", true, "2026-12-24T22:59Z")]
    [InlineData("2026-12-24T23:00Z", false, "2026-12-26T23:00Z")]
    public void Nights_in_Zurich(string at, bool isOpen, string next)
    {
        var nights = Nights("Europe/Zurich") with { Blackouts = [new(new(2026, 12, 25), new(2026, 12, 26))] };
        Assert.Equal(isOpen, nights.IsOpen(At(at)));
        Assert.Equal(At(next), nights.NextOpen(At(at)));
    }

    [Fact]
    public void A_window_in_the_skipped_hour_does_not_open_and_one_in_the_repeated_hour_opens_twice()
    {
        var hour = new WeeklyAvailability { TimeZone = "Europe/Zurich", Weekly = [WeeklyWindow.On(DayOfWeek.Sunday, new(2, 10), new(2, 50))] };
        Assert.Empty(hour.OpenIntervals(At("2026-03-29T00:00Z"), At("2026-03-30T00:00Z")));
        Assert.Equal(
            [
                new OpenInterval(At("2026-10-25T00:10Z"), At("2026-10-25T00:50Z")), new OpenInterval(At("2026-10-25T01:10Z"), At("2026-10-25T01:50Z")),
            ],
            hour.OpenIntervals(At("2026-10-24T12:00Z"), At("2026-10-26T00:00Z")));
    }

    [Fact]
    public void Without_windows_it_is_always_open_and_windows_that_touch_are_one()
    {
        var always = new WeeklyAvailability { TimeZone = "UTC" };
        var from = At("2026-06-01T00:00Z");
        Assert.Equal([new OpenInterval(from, from.AddDays(300))], always.OpenIntervals(from, from.AddDays(300)));
        var wholeDays = always with { Weekly = [.. Enum.GetValues<DayOfWeek>().Select(day => WeeklyWindow.On(day, default, default))] };
        Assert.Equal([new OpenInterval(from, from.AddDays(300))], wholeDays.OpenIntervals(from, from.AddDays(300)));
    }

    [Fact]
    public void A_calendar_that_never_opens_says_so()
    {
        var never = new WeeklyAvailability { TimeZone = "UTC", Blackouts = [new(DateOnly.MinValue, DateOnly.MaxValue)] };
        Assert.Null(never.NextOpen(At("2026-06-01T00:00Z")));
        Assert.False(never.IsOpen(At("2026-06-01T00:00Z")));
    }

    [Fact]
    public void Every_fault_is_told()
    {
        var faulty = new WeeklyAvailability
        {
            TimeZone = "../etc/passwd",
            Weekly = [new(-1, 10), new(10, 1441)],
            Blackouts = [new(new(2026, 1, 2), new(2026, 1, 1))],
        };
        Assert.Equal(["the time zone is unknown", "a weekly window is out of range", "a blackout ends before it begins"], faulty.Faults());
        Assert.Equal(
            ["at most 64 weekly windows are allowed", "at most 128 blackouts are allowed"],
            new WeeklyAvailability
            {
                TimeZone = "UTC",
                Weekly = [.. Enumerable.Repeat(new WeeklyWindow(0, 1), 65)],
                Blackouts = [.. Enumerable.Repeat(new Blackout(new(2026, 1, 1), new(2026, 1, 1)), 129)],
            }.Faults());
        Assert.Empty(Nights("Europe/Zurich").Faults());
    }

    [Fact]
    public void Calendars_are_equal_by_what_they_say()
    {
        Assert.Equal(Nights("UTC"), Nights("UTC"));
        Assert.NotEqual(Nights("UTC"), Nights("Europe/Zurich"));
        Assert.NotEqual(Nights("UTC"), Nights("UTC") with { Blackouts = [new(new(2026, 1, 1), new(2026, 1, 1))] });
    }

    internal static WeeklyAvailability Nights(string zone, int from = 22, int to = 6) => new()
    {
        TimeZone = zone,
        Weekly = [.. Enum.GetValues<DayOfWeek>().Select(day => WeeklyWindow.On(day, new(from, 0), new(to, 0)))],
    };

    internal static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
