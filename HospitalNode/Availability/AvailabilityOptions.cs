using FederatedOrleans.Availability;

namespace FederatedOrleans.Site.Availability;

/// <summary>When this node may work and what it leaves to others on its machine. Where nothing is said, it may always work.</summary>
internal sealed record AvailabilityOptions
{
    /// <summary>When it is open; always when absent. It is published to the centre; nothing else here is.</summary>
    public WeeklyAvailability? Calendar { get; init; }

    /// <summary>Most that others may use of the whole machine's processors, in percent: 1 to 100.</summary>
    public double? MaxCpuPercent { get; init; }

    /// <summary>Least memory that must be available, in bytes.</summary>
    public long? MinFreeMemory { get; init; }

    /// <summary>Least free space that the disk of the site's folder must have, in bytes.</summary>
    public long? MinFreeDisk { get; init; }

    /// <summary>Most load over one minute, per processor: above 0.</summary>
    public double? MaxLoad { get; init; }

    /// <summary>Most threads that a trainer may use, at least 1; 1 when absent.</summary>
    public int? MaxThreads { get; init; }

    /// <summary>Most minutes of training a day, by the calendar's dates, or UTC's where there is none: 1 to 1,440.</summary>
    public int? MaxMinutesPerDay { get; init; }

    /// <summary>Whether it may work on a network that is paid by what is sent: true by default.</summary>
    public bool AllowMetered { get; init; } = true;

    /// <summary>Whether it works only on mains power: false by default.</summary>
    public bool RequireMains { get; init; }
}
