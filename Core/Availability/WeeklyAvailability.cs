using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace FederatedOrleans.Availability;

/// <summary>When a hospital can work: windows that come again each week, in its local time, and dates on which it is closed.</summary>
/// <remarks>
/// It is open at a moment if the clock on the hospital's wall shows a time within a window, and a date that is no blackout. So an hour that
/// comes twice when clocks go back is open twice, and one that is skipped when they go forward is not open. Immutable, and safe to share.
/// </remarks>
[GenerateSerializer, Immutable, Alias("fo.WeeklyAvailability")]
public sealed partial record WeeklyAvailability
{
    /// <summary>Most weekly windows.</summary>
    public const int MostWindows = 64;

    /// <summary>Most blackouts.</summary>
    public const int MostBlackouts = 128;

    /// <summary>Longest range that is looked at: a year.</summary>
    public static readonly TimeSpan LongestRange = TimeSpan.FromDays(366);

    // No two changes of a zone's offset lie closer together than this.
    private static readonly TimeSpan OffsetStep = TimeSpan.FromHours(6);

    /// <summary>IANA id of the time zone, as Europe/Zurich.</summary>
    [Id(0)] public required string TimeZone { get; init; }

    /// <summary>The weekly windows, at most <see cref="MostWindows"/>; they may overlap. None: open at all times but for blackouts.</summary>
    [Id(1)] public ImmutableArray<WeeklyWindow> Weekly { get; init; } = [];

    /// <summary>Dates on which it is closed, at most <see cref="MostBlackouts"/>; they may overlap.</summary>
    [Id(2)] public ImmutableArray<Blackout> Blackouts { get; init; } = [];

    private TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>Whether an id names a time zone that this machine knows.</summary>
    /// <param name="id">The id.</param>
    public static bool IsKnownZone(string id) =>
        id.Length <= 64 && ZoneForm().IsMatch(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out _);

    /// <summary>What is wrong with it in words, each fault on its own; none where it may be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (!IsKnownZone(TimeZone))
        {
            yield return "the time zone is unknown";
        }

        if (Weekly.IsDefault || Weekly.Length > MostWindows)
        {
            yield return $"at most {MostWindows} weekly windows are allowed";
        }
        else if (Weekly.Any(window => !window.IsValid))
        {
            yield return "a weekly window is out of range";
        }

        if (Blackouts.IsDefault || Blackouts.Length > MostBlackouts)
        {
            yield return $"at most {MostBlackouts} blackouts are allowed";
        }
        else if (Blackouts.Any(blackout => !blackout.IsValid))
        {
            yield return "a blackout ends before it begins";
        }
    }

    /// <summary>Whether it is open at a moment.</summary>
    /// <param name="at">The moment.</param>
    public bool IsOpen(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, Zone).DateTime;
        var minute = (WeeklyWindow.MondayFirst(local.DayOfWeek) * WeeklyWindow.MinutesPerDay) + (int)local.TimeOfDay.TotalMinutes;
        var date = DateOnly.FromDateTime(local);
        return (Weekly.IsEmpty || Weekly.Any(window => Mod(minute - window.Start) < window.Minutes))
            && !Blackouts.Any(blackout => date >= blackout.First && date <= blackout.Last);
    }

    /// <summary>The first moment, no earlier than <paramref name="after"/>, at which it is open; null where there is none within <see cref="LongestRange"/>.</summary>
    /// <param name="after">From when on to look.</param>
    public DateTimeOffset? NextOpen(DateTimeOffset after)
    {
        // Week after week: nearly always the first one answers.
        for (var looked = TimeSpan.Zero; looked < LongestRange; looked += TimeSpan.FromDays(7))
        {
            var found = OpenIntervals(after + looked, after + looked + TimeSpan.FromDays(7));
            if (!found.IsEmpty)
            {
                return found[0].From;
            }
        }

        return null;
    }

    /// <summary>When it is open within a range: in order, apart, and cut at the range's ends.</summary>
    /// <param name="from">Begin of the range.</param>
    /// <param name="to">End of the range, at most <see cref="LongestRange"/> later.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is too long.</exception>
    public ImmutableArray<OpenInterval> OpenIntervals(DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to - from, LongestRange, nameof(to));
        var (begin, end) = (from.UtcDateTime, to.UtcDateTime);
        var open = ImmutableArray.CreateBuilder<OpenInterval>();
        foreach (var (segmentFrom, segmentTo, offset) in Segments(begin, end))
        {
            foreach (var (localFrom, localTo) in LocalIntervals(segmentFrom + offset, segmentTo + offset))
            {
                var piece = new OpenInterval(
                    new DateTimeOffset(localFrom - offset, TimeSpan.Zero), new DateTimeOffset(localTo - offset, TimeSpan.Zero));
                if (open.Count > 0 && open[^1].To == piece.From)
                {
                    open[^1] = open[^1] with { To = piece.To };
                }
                else
                {
                    open.Add(piece);
                }
            }
        }

        return open.ToImmutable();
    }

    /// <summary>The same zone, windows and blackouts: those of an array count, not the array.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(WeeklyAvailability? other) =>
        other is not null && TimeZone == other.TimeZone && Weekly.SequenceEqual(other.Weekly) && Blackouts.SequenceEqual(other.Blackouts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TimeZone, Weekly.Length, Blackouts.Length);

    private static int Mod(int minutes) => ((minutes % WeeklyWindow.MinutesPerWeek) + WeeklyWindow.MinutesPerWeek) % WeeklyWindow.MinutesPerWeek;

    // Cuts a range of UTC where the zone's offset changes.
    private IEnumerable<(DateTime From, DateTime To, TimeSpan Offset)> Segments(DateTime from, DateTime to)
    {
        var zone = Zone;
        while (from < to)
        {
            var offset = zone.GetUtcOffset(from);
            var known = from;
            while (known < to)
            {
                var next = to - known > OffsetStep ? known + OffsetStep : to;
                if (zone.GetUtcOffset(next) != offset)
                {
                    known = Change(zone, offset, known, next);
                    break;
                }

                known = next;
            }

            yield return (from, known, offset);
            from = known;
        }
    }

    // The first tick of another offset, in (same, other].
    private static DateTime Change(TimeZoneInfo zone, TimeSpan offset, DateTime same, DateTime other)
    {
        while ((other - same).Ticks > 1)
        {
            var middle = same + ((other - same) / 2);
            if (zone.GetUtcOffset(middle) == offset)
            {
                same = middle;
            }
            else
            {
                other = middle;
            }
        }

        return other;
    }

    // On the line of local times, which is even within a segment.
    private IEnumerable<(DateTime From, DateTime To)> LocalIntervals(DateTime from, DateTime to)
    {
        var closed = Blackouts
            .Select(blackout => (From: blackout.First.ToDateTime(default), To: EndOf(blackout.Last)))
            .Where(blackout => blackout.To > from && blackout.From < to)
            .Order()
            .ToArray();
        foreach (var (windowFrom, windowTo) in Merged(LocalWindows(from, to)))
        {
            var begin = windowFrom;
            foreach (var blackout in closed)
            {
                if (blackout.From > begin)
                {
                    var end = blackout.From < windowTo ? blackout.From : windowTo;
                    if (end > begin)
                    {
                        yield return (begin, end);
                    }
                }

                begin = blackout.To > begin ? blackout.To : begin;
            }

            if (windowTo > begin)
            {
                yield return (begin, windowTo);
            }
        }
    }

    private static DateTime EndOf(DateOnly last) => last == DateOnly.MaxValue ? DateTime.MaxValue : last.AddDays(1).ToDateTime(default);

    private IEnumerable<(DateTime From, DateTime To)> LocalWindows(DateTime from, DateTime to)
    {
        if (Weekly.IsEmpty)
        {
            yield return (from, to);
            yield break;
        }

        // A window of the week before may reach into this one.
        var monday = from.Date.AddDays(-WeeklyWindow.MondayFirst(from.DayOfWeek) - 7);
        for (; monday < to; monday = monday.AddDays(7))
        {
            foreach (var window in Weekly)
            {
                var begin = monday.AddMinutes(window.Start);
                var end = begin.AddMinutes(window.Minutes);
                if (end > from && begin < to)
                {
                    yield return (begin > from ? begin : from, end < to ? end : to);
                }
            }
        }
    }

    private static IEnumerable<(DateTime From, DateTime To)> Merged(IEnumerable<(DateTime From, DateTime To)> windows)
    {
        (DateTime From, DateTime To)? last = null;
        foreach (var window in windows.Order())
        {
            if (last is not { } known)
            {
                last = window;
            }
            else if (window.From <= known.To)
            {
                last = (known.From, window.To > known.To ? window.To : known.To);
            }
            else
            {
                yield return known;
                last = window;
            }
        }

        if (last is { } rest)
        {
            yield return rest;
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,3}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ZoneForm();
}
