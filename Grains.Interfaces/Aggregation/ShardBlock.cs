namespace FederatedOrleans.Aggregation;

/// <summary>A block of up to 262,144 values for a place in a shard.</summary>
[GenerateSerializer, Immutable, Alias("fo.ShardBlock")]
public sealed record ShardBlock
{
    /// <summary>The activation of the shard that it is meant for.</summary>
    [Id(0)] public required Guid Incarnation { get; init; }

    /// <summary>The place.</summary>
    [Id(1)] public required Guid Place { get; init; }

    /// <summary>Number of the block within the place, from 0; blocks come in their order.</summary>
    [Id(2)] public required int Number { get; init; }

    /// <summary>The values as float32 in the machine's order; they are the shard's until the call ends, and nobody's to keep.</summary>
    [Id(3)] public required ReadOnlyMemory<byte> Values { get; init; }
}
