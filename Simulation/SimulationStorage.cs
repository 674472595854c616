namespace FederatedOrleans.Simulation;

/// <summary>Where a simulation's grains keep their state.</summary>
public enum SimulationStorage
{
    /// <summary>In memory: gone when the simulation ends.</summary>
    Memory,

    /// <summary>In SQLite files, one for the centre and one for all sites, flushed at every write as in the real processes.</summary>
    Sqlite,
}
