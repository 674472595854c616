using CsCheck;
using static FederatedOrleans.Availability.WeeklyAvailabilityTests;

namespace FederatedOrleans.Availability;

public sealed class RendezvousTests
{
    private static readonly DateTimeOffset Noon = At("2026-06-01T12:00Z");

    [Fact]
    public void It_is_the_first_minute_of_the_slow_search() => Gen.Select(Calendars.Array[1, 4], Gen.Int[0, 1], Gen.Int[0, 5], Gen.Int[0, 300]).Sample(
        (samples, always, minimum, minutes) =>
        {
            // Windows of different places overlap only where all are looked at from the same moment.
            var after = samples[0].From;
            WeeklyAvailability?[] calendars = [.. samples.Select(sample => sample.Calendar), .. Enumerable.Repeat<WeeklyAvailability?>(null, always)];
            var found = Rendezvous.Next(calendars, minimum, after, TimeSpan.FromMinutes(minutes));
            var end = after.AddDays(2);
            Assert.Equal(SlowCalendar.Rendezvous(calendars, minimum, after, minutes, end), found <= end ? found : null);
        },
        iter: 60);

    [Theory]
    [InlineData(1, 0, "2026-06-01T20:00Z")]
    [InlineData(2, 0, "2026-06-01T23:00Z")]
    [InlineData(3, 60, "2026-06-02T02:00Z")]

    // The three are together for two hours only, so that the wait for more never ends.
    [InlineData(3, 121, null)]
    [InlineData(4, 0, null)]
    public void Three_nights(int minimum, int minutes, string? expected)
    {
        WeeklyAvailability[] nights = [Nights("UTC", 20, 4), Nights("UTC", 23, 7), Nights("UTC", 2, 6)];
        Assert.Equal(
            expected is null ? null : At(expected), Rendezvous.Next(nights, minimum, Noon, TimeSpan.FromMinutes(minutes)));
    }

    [Fact]
    public void Hospitals_that_are_always_open_count_at_once()
    {
        Assert.Equal(Noon, Rendezvous.Next([null, null, Nights("UTC")], 2, Noon, TimeSpan.FromHours(1)));
        Assert.Equal(At("2026-06-01T22:00Z"), Rendezvous.Next([null, Nights("UTC")], 2, Noon, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void The_same_hospitals_stay_for_the_whole_time()
    {
        // One is always there, but never the same for longer than four hours.
        WeeklyAvailability[] shifts = [Nights("UTC", 20, 0), Nights("UTC", 0, 4), Nights("UTC", 4, 8)];
        Assert.Equal(At("2026-06-01T20:00Z"), Rendezvous.Next(shifts, 1, Noon, TimeSpan.FromHours(4)));
        Assert.Null(Rendezvous.Next(shifts, 1, Noon, TimeSpan.FromHours(4) + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Nobody_is_found_beyond_the_horizon()
    {
        var closed = new WeeklyAvailability { TimeZone = "UTC", Blackouts = [new(new(2026, 5, 1), new(2026, 6, 28))] };
        Assert.Equal(At("2026-06-29T00:00Z"), Rendezvous.Next([closed], 1, Noon, TimeSpan.Zero));
        Assert.Null(Rendezvous.Next([closed with { Blackouts = [new(new(2026, 5, 1), new(2026, 6, 29))] }], 1, Noon, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("2026-06-01T21:58Z", 2, 60, true)]
    [InlineData("2026-06-01T21:58Z", 1, 60, false)]
    [InlineData("2026-06-02T05:00Z", 2, 60, true)]
    [InlineData("2026-06-02T05:01Z", 2, 60, false)]
    public void A_hospital_may_begin_where_it_stays_open_long_enough(string from, int window, int minutes, bool expected) => Assert.Equal(
        expected, Rendezvous.CanBegin(Nights("UTC"), At(from), At(from).AddMinutes(window), TimeSpan.FromMinutes(minutes)));
}
