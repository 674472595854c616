using System.Globalization;
using FederatedOrleans.Availability;
using Wire = FederatedOrleans.Link.V1;

namespace FederatedOrleans.Hospitals;

/// <summary>Reads a hospital's calendar from the wire.</summary>
internal static class CalendarReader
{
    /// <summary>The calendar, or null and what is wrong with it.</summary>
    public static (WeeklyAvailability? Calendar, string? Fault) Read(Wire.Calendar wire)
    {
        if (wire.Weekly.Count > WeeklyAvailability.MostWindows || wire.Blackouts.Count > WeeklyAvailability.MostBlackouts)
        {
            return (null, "too many windows or blackouts");
        }

        var blackouts = new List<Blackout>();
        foreach (var blackout in wire.Blackouts)
        {
            if (!TryDate(blackout.First, out var first) || !TryDate(blackout.Last, out var last))
            {
                return (null, "a blackout is no date");
            }

            blackouts.Add(new(first, last));
        }

        var calendar = new WeeklyAvailability
        {
            TimeZone = wire.TimeZone,
            Weekly = [.. wire.Weekly.Select(window => new WeeklyWindow(window.StartMinute, window.Minutes))],
            Blackouts = [.. blackouts],
        };
        var faults = string.Join("; ", calendar.Faults());
        return faults.Length == 0 ? (calendar, null) : (null, faults);
    }

    private static bool TryDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
