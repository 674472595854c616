namespace FederatedOrleans.Availability;

/// <summary>A window that comes again each week, in local time.</summary>
/// <param name="Start">Minutes since Monday 00:00 local time: 0 to 10,079.</param>
/// <param name="Minutes">How long it lasts: 1 to 1,440 minutes. It may end on the next day.</param>
[GenerateSerializer, Immutable, Alias("fo.WeeklyWindow")]
public sealed record WeeklyWindow([property: Id(0)] int Start, [property: Id(1)] int Minutes)
{
    /// <summary>Minutes of a day.</summary>
    public const int MinutesPerDay = 24 * 60;

    /// <summary>Minutes of a week.</summary>
    public const int MinutesPerWeek = 7 * MinutesPerDay;

    /// <summary>Whether both numbers are in range.</summary>
    public bool IsValid => Start is >= 0 and < MinutesPerWeek && Minutes is >= 1 and <= MinutesPerDay;

    /// <summary>The window from one time of a day to another: over midnight where it ends no later than it begins, the whole day where both are alike.</summary>
    /// <param name="day">The day on which it begins.</param>
    /// <param name="from">When it begins; seconds are cut off.</param>
    /// <param name="to">When it ends; seconds are cut off.</param>
    public static WeeklyWindow On(DayOfWeek day, TimeOnly from, TimeOnly to)
    {
        var (begin, end) = (MinuteOf(from), MinuteOf(to));
        return new((MondayFirst(day) * MinutesPerDay) + begin, end > begin ? end - begin : end - begin + MinutesPerDay);
    }

    /// <summary>Days since Monday.</summary>
    internal static int MondayFirst(DayOfWeek day) => ((int)day + 6) % 7;

    private static int MinuteOf(TimeOnly time) => (time.Hour * 60) + time.Minute;
}
