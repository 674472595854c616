using System.Collections.Immutable;
using FederatedOrleans.Hosting;
using FederatedOrleans.Simulation.Faults;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace FederatedOrleans.Simulation;

/// <summary>What is simulated: the hospitals, the centre's and the sites' times, and where state is kept.</summary>
/// <remarks>Times are those of the real processes where nothing else is said: a simulation that needs others to be quick hides a wait.</remarks>
public sealed record SimulationOptions
{
    /// <summary>Id of the federation.</summary>
    public string Federation { get; init; } = "simulation";

    /// <summary>The hospitals, in the order in which they start.</summary>
    public required ImmutableArray<SimulatedHospital> Hospitals { get; init; }

    /// <summary>Whether hospitals start with the simulation; else each by <see cref="FederationSimulation.StartHospitalAsync"/>.</summary>
    public bool StartHospitals { get; init; } = true;

    /// <summary>Where grains keep their state.</summary>
    public SimulationStorage Storage { get; init; } = SimulationStorage.Memory;

    /// <summary>Folder of blobs, outboxes, caches and SQLite files; a temporary one, deleted at the end, when absent.</summary>
    /// <remarks>A folder that held a simulation in SQLite files goes on where that one stood.</remarks>
    public string? Folder { get; init; }

    /// <summary>How often coordinators look at deadlines and presence: 20 ms to 1 minute.</summary>
    public TimeSpan Tick { get; init; } = new CentreOptions().Tick;

    /// <summary>How often hospitals send a heartbeat: 100 ms to 5 minutes.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = new CentreOptions().HeartbeatInterval;

    /// <summary>How long a run waits before the next attempt after an abandoned one.</summary>
    public TimeSpan AttemptDelay { get; init; } = new CentreOptions().AttemptDelay;

    /// <summary>Bytes of updates staged at once.</summary>
    public long StagingBudget { get; init; } = new CentreOptions().StagingBudget;

    /// <summary>Bytes of updates staged in scratch files at once.</summary>
    public long ScratchBudget { get; init; } = new CentreOptions().ScratchBudget;

    /// <summary>How often a hospital asks without having been woken.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The clock of the federation, timers of grains included; Orleans' own upkeep goes by the machine's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What goes wrong between the hospitals and the centre; nothing when absent.</summary>
    public LinkFaults? Faults { get; init; }

    /// <summary>Where the log goes; nowhere when absent.</summary>
    public Action<ILoggingBuilder>? ConfigureLogging { get; init; }

    /// <summary>What the hospitals can train.</summary>
    internal Trainers Trainers { get; init; } = Trainers.BuiltIn;

    /// <summary>Adds to the silo: call filters, other storage.</summary>
    internal Action<ISiloBuilder>? ConfigureSilo { get; init; }

    /// <summary>Puts something between a site and its link: faults, delays, barriers. The first argument is the hospital.</summary>
    internal Func<string, IHospitalLink, IHospitalLink>? WrapLink { get; init; }
}
