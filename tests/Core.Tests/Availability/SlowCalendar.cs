namespace FederatedOrleans.Availability;

/// <summary>The rule itself, asked minute by minute: what the clock on the wall shows.</summary>
internal static class SlowCalendar
{
    public static bool IsOpen(WeeklyAvailability calendar, DateTimeOffset at)
    {
        var wall = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(calendar.TimeZone)).DateTime;
        foreach (var blackout in calendar.Blackouts)
        {
            for (var date = blackout.First; date <= blackout.Last; date = date.AddDays(1))
            {
                if (DateOnly.FromDateTime(wall) == date)
                {
                    return false;
                }
            }
        }

        // A window that holds now began today or on one of the two days before.
        for (var back = 0; back <= 2; back++)
        {
            var day = wall.Date.AddDays(-back);
            foreach (var window in calendar.Weekly)
            {
                var weekday = (DayOfWeek)(((window.Start / 1440) + 1) % 7);
                var begin = day.AddMinutes(window.Start % 1440);
                if (day.DayOfWeek == weekday && wall >= begin && wall < begin.AddMinutes(window.Minutes))
                {
                    return true;
                }
            }
        }

        return calendar.Weekly.IsEmpty;
    }

    public static IEnumerable<OpenInterval> Intervals(WeeklyAvailability calendar, DateTimeOffset from, DateTimeOffset to)
    {
        DateTimeOffset? begin = null;
        for (var at = from; at < to; at = at.AddMinutes(1))
        {
            if (IsOpen(calendar, at))
            {
                begin ??= at;
            }
            else if (begin is { } known)
            {
                yield return new(known, at);
                begin = null;
            }
        }

        if (begin is { } last)
        {
            yield return new(last, to);
        }
    }

    public static DateTimeOffset? Rendezvous(
        IReadOnlyList<WeeklyAvailability?> calendars, int minimum, DateTimeOffset after, int minutes, DateTimeOffset end)
    {
        for (var at = after; at <= end; at = at.AddMinutes(1))
        {
            if (calendars.Count(calendar => calendar is null || Enumerable.Range(0, Math.Max(1, minutes)).All(m => IsOpen(calendar, at.AddMinutes(m)))) >= minimum)
            {
                return at;
            }
        }

        return null;
    }
}
