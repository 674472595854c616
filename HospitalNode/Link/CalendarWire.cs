using System.Globalization;
using FederatedOrleans.Availability;
using Wire = FederatedOrleans.Link.V1;

namespace FederatedOrleans.Site.Link;

/// <summary>A calendar as it travels: the hours alone, no limit of the machine.</summary>
internal static class CalendarWire
{
    /// <summary>The message of a calendar.</summary>
    public static Wire.Calendar Of(WeeklyAvailability calendar)
    {
        var wire = new Wire.Calendar { TimeZone = calendar.TimeZone };
        wire.Weekly.AddRange(calendar.Weekly.Select(window => new Wire.CalendarWindow { StartMinute = window.Start, Minutes = window.Minutes }));
        wire.Blackouts.AddRange(calendar.Blackouts.Select(blackout => new Wire.CalendarBlackout { First = Date(blackout.First), Last = Date(blackout.Last) }));
        return wire;
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
