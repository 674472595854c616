using static FederatedOrleans.Availability.WeeklyAvailabilityTests;

namespace FederatedOrleans.Availability;

public sealed class SelectionTimingTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    // Together from 02:00 to 04:00.
    private static readonly (string Hospital, WeeklyAvailability? Calendar)[] Three =
        [("a", Nights("UTC", 20, 4)), ("b", Nights("UTC", 23, 7)), ("c", Nights("UTC", 2, 6))];

    [Theory]
    [InlineData("2026-06-01T12:00Z", 3, 0, "", "2026-06-02T02:00Z", 3)]
    [InlineData("2026-06-01T12:00Z", 2, 0, "", "2026-06-01T23:00Z", 2)]

    // Open within the window counts as open.
    [InlineData("2026-06-01T22:58Z", 2, 0, "a b", null, 0)]
    [InlineData("2026-06-02T01:57Z", 3, 0, "a b", "2026-06-02T02:00Z", 3)]
    [InlineData("2026-06-02T02:00Z", 3, 0, "a b c", null, 0)]

    // Too late in the night for a round that takes an hour.
    [InlineData("2026-06-02T03:00Z", 3, 60, "a b c", null, 0)]
    [InlineData("2026-06-02T03:01Z", 3, 60, "b c", "2026-06-03T02:00Z", 3)]

    // What takes longer than an hour is taken for an hour.
    [InlineData("2026-06-02T03:00Z", 3, 600, "a b c", null, 0)]
    public void Three_nights(string at, int minimum, int expectedMinutes, string open, string? next, int openThen)
    {
        var timing = SelectionTiming.For(Three, minimum, At(at), Window, TimeSpan.FromMinutes(expectedMinutes));
        Assert.Equal(open, string.Join(' ', timing.Open));
        Assert.Equal(next is null, timing.MayBegin);
        Assert.Equal(next is null ? null : At(next), timing.Next);
        Assert.Equal(openThen, timing.OpenThen);
    }

    [Fact]
    public void At_the_time_that_it_names_the_attempt_may_begin()
    {
        for (var minutes = 0; minutes < 24 * 60; minutes += 7)
        {
            var at = At("2026-06-01T12:00Z").AddMinutes(minutes);
            var timing = SelectionTiming.For(Three, 3, at, Window, TimeSpan.FromMinutes(40));
            var then = timing.Next is { } next ? SelectionTiming.For(Three, 3, next, Window, TimeSpan.FromMinutes(40)) : timing;
            Assert.True(then.MayBegin);
        }
    }

    [Fact]
    public void Hours_shorter_than_a_round_have_to_do()
    {
        (string, WeeklyAvailability?)[] short_ =
            [("a", new WeeklyAvailability { TimeZone = "UTC", Weekly = [WeeklyWindow.On(DayOfWeek.Tuesday, new(2, 0), new(2, 30))] })];
        Assert.Equal(At("2026-06-02T02:00Z"), SelectionTiming.For(short_, 1, At("2026-06-01T12:00Z"), Window, TimeSpan.FromHours(1)).Next);
        Assert.True(SelectionTiming.For(short_, 1, At("2026-06-02T02:10Z"), Window, TimeSpan.FromHours(1)).MayBegin);
    }

    [Fact]
    public void Hospitals_that_never_meet_have_no_time()
    {
        var timing = SelectionTiming.For([("a", Nights("UTC", 20, 22)), ("b", Nights("UTC", 22, 23)), ("c", null)], 3, At("2026-06-01T12:00Z"), Window, default);
        Assert.False(timing.MayBegin);
        Assert.Null(timing.Next);
        Assert.Equal(["c"], timing.Open);
    }
}
