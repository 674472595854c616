using System.Text.Json.Serialization;
using FederatedOrleans.Identity;
using FederatedOrleans.Optimizers;

namespace FederatedOrleans.Runs;

/// <summary>A committed round in the run's state; the rest is in its manifest.</summary>
[GenerateSerializer, Immutable, Alias("fo.CommittedRound")]
public sealed record CommittedRound
{
    /// <summary>The attempt.</summary>
    [Id(0)] public required int Attempt { get; init; }

    /// <summary>The model.</summary>
    [Id(1)] public required ContentDigest Model { get; init; }

    /// <summary>The manifest's blob.</summary>
    [Id(2)] public required ContentDigest Manifest { get; init; }

    /// <summary>What the centre keeps beside the model; absent where it keeps nothing, also from the text, whose bytes are of every version of the program.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Id(3)] public ServerState? State { get; init; }
}
