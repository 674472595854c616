using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FederatedOrleans.Availability;
using FederatedOrleans.Json;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Site.Availability;

/// <summary>Reads the member <c>availability</c> of a node's configuration with every fault at once.</summary>
internal sealed class AvailabilityReader(ICollection<PlanFault> faults)
{
    private const long MostBytes = 1L << 50;
    private const int MostThreads = 1024;
    private const double MostLoad = 1000;

    private static readonly string[] Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    /// <summary>Reads it, and adds what is wrong to <paramref name="faults"/>.</summary>
    /// <param name="root">The object that holds the member.</param>
    /// <param name="faults">Faults in words with their paths.</param>
    public static AvailabilityOptions Read(JsonObjectReader root, ICollection<PlanFault> faults) =>
        root.Object("availability") is { } member ? new AvailabilityReader(faults).ReadOptions(member) : new();

    private AvailabilityOptions ReadOptions(JsonObjectReader member)
    {
        var options = new AvailabilityOptions
        {
            Calendar = ReadCalendar(member),
            MaxCpuPercent = member.NumberFrom("maxCpuPercent", 1, 100),
            MinFreeMemory = member.Whole("minFreeMemory", 0, MostBytes),
            MinFreeDisk = member.Whole("minFreeDisk", 0, MostBytes),
            MaxLoad = member.NumberAbove("maxLoad", 0, MostLoad),
            MaxThreads = member.WholeInt32("maxThreads", 1, MostThreads),
            MaxMinutesPerDay = member.WholeInt32("maxMinutesPerDay", 1, WeeklyWindow.MinutesPerDay),
            AllowMetered = member.Flag("allowMetered") ?? true,
            RequireMains = member.Flag("requireMains") ?? false,
        };
        member.Finish();
        return options;
    }

    private WeeklyAvailability? ReadCalendar(JsonObjectReader member)
    {
        var isWanted = member.Has("weekly") || member.Has("blackouts");
        var zone = member.Text("timeZone", required: isWanted);
        if (zone is not null && !WeeklyAvailability.IsKnownZone(zone))
        {
            member.Fault("timeZone", $"is '{JsonObjectReader.Quote(zone)}', which this machine does not know; give an IANA id such as Europe/Zurich");
            zone = null;
        }

        var weekly = ReadItems(member, "weekly", ReadWindows).SelectMany(windows => windows).ToImmutableArray();
        var blackouts = ReadItems(member, "blackouts", ReadBlackout);
        if (weekly.Length > WeeklyAvailability.MostWindows)
        {
            member.Fault("weekly", $"has {weekly.Length:N0} windows, one for each of its days, where {WeeklyAvailability.MostWindows} are the most");
        }

        if (blackouts.Length > WeeklyAvailability.MostBlackouts)
        {
            member.Fault("blackouts", $"has {blackouts.Length:N0} items, where {WeeklyAvailability.MostBlackouts} are the most");
        }

        if (member.Has("weekly") && weekly.IsEmpty)
        {
            // Nobody who writes an empty list means "always".
            member.Fault("weekly", "names no window; leave it out where the node is always open");
        }

        return zone is null ? null : new WeeklyAvailability { TimeZone = zone, Weekly = weekly, Blackouts = blackouts };
    }

    private ImmutableArray<T> ReadItems<T>(JsonObjectReader member, string name, Func<JsonObjectReader, T?> read)
        where T : class
    {
        var items = ImmutableArray.CreateBuilder<T>();
        foreach (var (value, path) in member.Items(name) ?? [])
        {
            if (JsonObjectReader.Of(value, path, faults) is not { } item)
            {
                continue;
            }

            if (read(item) is { } known)
            {
                items.Add(known);
            }

            item.Finish();
        }

        return items.ToImmutable();
    }

    private WeeklyWindow[]? ReadWindows(JsonObjectReader item)
    {
        var days = new List<DayOfWeek>();
        var named = item.Items("days", required: true);
        foreach (var (value, path) in named ?? [])
        {
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            var index = Array.IndexOf(Days, text);
            if (index < 0)
            {
                faults.Add(new(path, $"is '{JsonObjectReader.Quote(text)}', which is no day; known: {string.Join(", ", Days)}"));
            }
            else
            {
                days.Add((DayOfWeek)((index + 1) % Days.Length));
            }
        }

        if (named is { IsEmpty: true })
        {
            item.Fault("days", "names no day");
        }

        var (from, to) = (ReadTime(item, "from"), ReadTime(item, "to"));
        return from is { } begin && to is { } end ? [.. days.Distinct().Select(day => WeeklyWindow.On(day, begin, end))] : null;
    }

    private static TimeOnly? ReadTime(JsonObjectReader item, string name)
    {
        if (item.Text(name, required: true) is not { } text)
        {
            return null;
        }

        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        item.Fault(name, $"must be a time of day such as \"22:00\" but is '{JsonObjectReader.Quote(text)}'");
        return null;
    }

    private static Blackout? ReadBlackout(JsonObjectReader item)
    {
        var first = ReadDate(item, "from", required: true);
        var last = item.Has("to") ? ReadDate(item, "to", required: false) : first;
        item.Know("to");
        if (first is not { } begin || last is not { } end)
        {
            return null;
        }

        if (end < begin)
        {
            item.Fault("to", $"is {end:yyyy-MM-dd}, before the {begin:yyyy-MM-dd} of from");
            return null;
        }

        return new(begin, end);
    }

    private static DateOnly? ReadDate(JsonObjectReader item, string name, bool required)
    {
        if (item.Text(name, required) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }

        item.Fault(name, $"must be a date such as \"2026-12-24\" but is '{JsonObjectReader.Quote(text)}'");
        return null;
    }
}
