using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>One hospital in an attempt.</summary>
[GenerateSerializer, Immutable, Alias("fo.RoundParticipant")]
public sealed record RoundParticipant
{
    /// <summary>Hospital id.</summary>
    [Id(0)] public required string Hospital { get; init; }

    /// <summary>What it does.</summary>
    [Id(1)] public ParticipantStatus Status { get; init; }

    /// <summary>Whether its lease has run out. It may come back before the deadline.</summary>
    [Id(2)] public bool Lost { get; init; }

    /// <summary>Why it declined or failed.</summary>
    [Id(3)] public string? Reason { get; init; }

    /// <summary>Its counted update, once reported.</summary>
    [Id(4)] public ParticipantUpdate? Update { get; init; }

    /// <summary>Its own deadline in training, pushed by progress.</summary>
    [Id(5)] public DateTimeOffset Deadline { get; init; }
}
