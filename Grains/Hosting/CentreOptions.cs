using System.ComponentModel.DataAnnotations;

namespace FederatedOrleans.Hosting;

/// <summary>What the central grains are configured with.</summary>
public sealed class CentreOptions
{
    /// <summary>Id of the federation; part of every certificate and token.</summary>
    [Required]
    public string Federation { get; set; } = "";

    /// <summary>How often coordinators look at deadlines and presence: 20 ms to 1 minute, 1 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.0200000", "00:01:00")]
    public TimeSpan Tick { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a message that begins no phase, attempt or epoch of a round waits for others to be stored with it: 0 to 10 s, 2 ms by
    /// default. One that does takes along what waits. So long too hospitals are given after a commit to be invited to the next round, before
    /// they are told that this one is over.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan JoinTime { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How often hospitals send a heartbeat: 100 ms to 5 minutes, 5 s by default. A plan's lease must be three times as long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a run waits before the next attempt after an abandoned one: 0 to 1 hour, 5 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan AttemptDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of updates that this silo stages in memory at once: 1 MiB to 1 TiB, 304 MiB by default. Beyond it is scratch.</summary>
    /// <remarks>The default holds the sum of a model of 100 MB and the updates that two processors take in at once.</remarks>
    [Range(1L << 20, 1L << 40)]
    public long StagingBudget { get; set; } = 304L << 20;

    /// <summary>
    /// Bytes of updates that this silo stages in encrypted scratch files at once: 0 (none) to 16 TiB, 16 GiB by default. Beyond it hospitals
    /// wait with their outboxes.
    /// </summary>
    [Range(0, 1L << 44)]
    public long ScratchBudget { get; set; } = 1L << 34;

    /// <summary>
    /// Bytes of a model that one grain keeps of every update, rounded up to whole MiB: 0 (all of it, the default) to 1 TiB. Of a longer model
    /// the updates are spread over as many shards as it takes, on the silos in turn.
    /// </summary>
    [Range(0, 1L << 40)]
    public long ShardBytes { get; set; }
}
