namespace FederatedOrleans.Availability;

/// <summary>Finds when enough hospitals can work at the same time.</summary>
public static class Rendezvous
{
    /// <summary>How far ahead is looked: 4 weeks.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(28);

    /// <summary>The earliest moment from which on the same hospitals, at least <paramref name="minimum"/> of them, are open without a break.</summary>
    /// <param name="calendars">One a hospital; null for one that is always open.</param>
    /// <param name="minimum">How many are needed; 0 or fewer are there at once.</param>
    /// <param name="after">From when on to look.</param>
    /// <param name="duration">How long they must be open together: 0 to a week; 0 asks for one moment.</param>
    /// <returns>The moment, or null where there is none within <see cref="Horizon"/>.</returns>
    public static DateTimeOffset? Next(
        IReadOnlyCollection<WeeklyAvailability?> calendars, int minimum, DateTimeOffset after, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(calendars);
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, TimeSpan.FromDays(7));
        var always = calendars.Count(calendar => calendar is null);
        if (always >= minimum)
        {
            return after;
        }

        if (calendars.Count < minimum)
        {
            return null;
        }

        // Many hospitals have the same hours: each calendar is worked out once.
        var starts = new List<(DateTimeOffset From, DateTimeOffset Until, int Hospitals)>();
        foreach (var alike in calendars.OfType<WeeklyAvailability>().GroupBy(calendar => calendar))
        {
            starts.AddRange(Starts(alike.Key, after, after + Horizon, duration).Select(start => (start.From, start.Until, alike.Count())));
        }

        // The number grows only where spans of possible starts begin.
        var open = always;
        var ending = new PriorityQueue<int, DateTimeOffset>();
        starts.Sort((one, other) => one.From.CompareTo(other.From));
        for (var next = 0; next < starts.Count;)
        {
            var moment = starts[next].From;
            while (ending.TryPeek(out var gone, out var end) && end < moment)
            {
                open -= gone;
                ending.Dequeue();
            }

            for (; next < starts.Count && starts[next].From == moment; next++)
            {
                open += starts[next].Hospitals;
                ending.Enqueue(starts[next].Hospitals, starts[next].Until);
            }

            if (open >= minimum)
            {
                return moment;
            }
        }

        return null;
    }

    /// <summary>Whether a hospital may begin, at a moment of a window, something that lasts <paramref name="duration"/> before it closes.</summary>
    /// <param name="calendar">Its calendar; null for one that is always open.</param>
    /// <param name="from">Begin of the window.</param>
    /// <param name="to">End of the window, included.</param>
    /// <param name="duration">How long it must be open from then on.</param>
    public static bool CanBegin(WeeklyAvailability? calendar, DateTimeOffset from, DateTimeOffset to, TimeSpan duration) =>
        calendar is null || Starts(calendar, from, to, duration).Any();

    // Spans of moments, both ends included, from which on a calendar stays open for the duration.
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Starts(
        WeeklyAvailability calendar, DateTimeOffset from, DateTimeOffset to, TimeSpan duration)
    {
        var least = duration > TimeSpan.Zero ? duration : TimeSpan.FromTicks(1);
        return calendar.OpenIntervals(from, to + least)
            .Select(open => (open.From, Until: open.To - least))
            .Where(start => start.Until >= start.From && start.From <= to);
    }
}
