using FederatedOrleans.Availability;
using FederatedOrleans.Site.Commands;
using FederatedOrleans.Site.Hosting;

namespace FederatedOrleans.Site.Availability;

public sealed class AvailabilityReaderTests : IDisposable
{
    private readonly NodeFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Without_it_the_node_is_always_open_and_without_limits() => Assert.Equal(new AvailabilityOptions(), Read(null));

    [Fact]
    public void Every_member_is_read()
    {
        var read = Read("""
            {
              "timeZone": "Europe/Zurich",
              "weekly": [
                { "days": ["monday", "sunday"], "from": "22:00", "to": "06:30" },
                { "days": ["saturday"], "from": "00:00", "to": "00:00" }
              ],
              "blackouts": [ { "from": "2026-12-24", "to": "2026-12-26" }, { "from": "2026-08-01" } ],
              "maxCpuPercent": 50, "minFreeMemory": 1073741824, "minFreeDisk": 2147483648, "maxLoad": 1.5,
              "maxThreads": 3, "maxMinutesPerDay": 90, "allowMetered": false, "requireMains": true
            }
            """);
        Assert.Equal(
            new AvailabilityOptions
            {
                Calendar = new WeeklyAvailability
                {
                    TimeZone = "Europe/Zurich",
                    Weekly = [new(22 * 60, 510), new((6 * 1440) + (22 * 60), 510), new(5 * 1440, 1440)],
                    Blackouts = [new(new(2026, 12, 24), new(2026, 12, 26)), new(new(2026, 8, 1), new(2026, 8, 1))],
                },
                MaxCpuPercent = 50,
                MinFreeMemory = 1L << 30,
                MinFreeDisk = 2L << 30,
                MaxLoad = 1.5,
                MaxThreads = 3,
                MaxMinutesPerDay = 90,
                AllowMetered = false,
                RequireMains = true,
            },
            read);
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        Configure("""
            {
              "timeZone": "Mars/Olympus",
              "weekly": [ { "days": ["mon"], "from": "25:00" }, { "days": [], "from": "01:00", "to": "02:00" }, 7 ],
              "blackouts": [ { "from": "24.12.2026" }, { "from": "2026-12-26", "to": "2026-12-24" } ],
              "maxCpuPercent": 0, "maxLoad": 0, "maxThreads": 0, "maxMinutesPerDay": 1441, "maxCpu": 3
            }
            """);
        var (_, faults) = NodeConfigurationReader.TryReadFile(_files.Configuration);
        string[] expected =
        [
            "availability.timeZone is 'Mars/Olympus', which this machine does not know", "availability.weekly[0].days[0] is 'mon', which is no day",
            "availability.weekly[0].from must be a time of day such as \"22:00\" but is '25:00'", "availability.weekly[0].to is required but missing",
            "availability.weekly[1].days names no day", "availability.weekly[2] must be an object but is a number",
            "availability.blackouts[0].from must be a date such as \"2026-12-24\" but is '24.12.2026'",
            "availability.blackouts[1].to is 2026-12-24, before the 2026-12-26 of from", "availability.maxCpuPercent must be from 1 to 100 but is 0",
            "availability.maxLoad must be above 0", "availability.maxThreads must be from 1 to 1,024", "availability.maxMinutesPerDay must be from 1 to 1,440",
            "availability.maxCpu is not known here",
        ];
        Assert.All(expected, fault => Assert.Contains(faults, told => told.Replace(": ", " ", StringComparison.Ordinal).Contains(fault, StringComparison.Ordinal)));
    }

    [Fact]
    public void Hours_need_a_time_zone_and_a_list_of_none_is_a_fault()
    {
        Configure("""{ "weekly": [] }""");
        var (_, faults) = NodeConfigurationReader.TryReadFile(_files.Configuration);
        Assert.Contains(faults, fault => fault.Contains("timeZone", StringComparison.Ordinal) && fault.Contains("required", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("names no window", StringComparison.Ordinal));
    }

    private AvailabilityOptions Read(string? availability)
    {
        Configure(availability);
        return NodeConfigurationReader.ReadFile(_files.Configuration).Availability;
    }

    private void Configure(string? availability) => _files.Configure(configuration =>
    {
        if (availability is not null)
        {
            configuration["availability"] = System.Text.Json.Nodes.JsonNode.Parse(availability);
        }
    });
}
