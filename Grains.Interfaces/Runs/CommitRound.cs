using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Runs;

/// <summary>A coordinator's request to commit the model made from its frozen set.</summary>
[GenerateSerializer, Immutable, Alias("fo.CommitRound")]
public sealed record CommitRound
{
    /// <summary>Round.</summary>
    [Id(0)] public required int Round { get; init; }

    /// <summary>Attempt.</summary>
    [Id(1)] public required int Attempt { get; init; }

    /// <summary>Epoch.</summary>
    [Id(2)] public required long Epoch { get; init; }

    /// <summary>The new model, whose blob is stored.</summary>
    [Id(3)] public required ContentDigest NewModel { get; init; }

    /// <summary>The frozen set.</summary>
    [Id(4)] public required ImmutableArray<ParticipantUpdate> Participants { get; init; }

    /// <summary>Who is left out and why.</summary>
    [Id(5)] public required ImmutableArray<LeftOut> LeftOut { get; init; }

    /// <summary>When the attempt began.</summary>
    [Id(6)] public required DateTimeOffset BeganAt { get; init; }

    /// <summary>What the centre keeps beside the new model, whose blobs are stored; absent where it keeps nothing.</summary>
    [Id(7)] public ServerState? NewState { get; init; }
}
