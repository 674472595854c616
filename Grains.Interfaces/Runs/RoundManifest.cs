using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FederatedOrleans.Identity;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Runs;

/// <summary>What a committed round was: the one account of whose updates the model holds.</summary>
[GenerateSerializer, Immutable, Alias("fo.RoundManifest")]
public sealed record RoundManifest
{
    /// <summary>Run id.</summary>
    [Id(0)] public required string Run { get; init; }

    /// <summary>Round number; also the version of the model it made.</summary>
    [Id(1)] public required int Round { get; init; }

    /// <summary>The attempt that was committed.</summary>
    [Id(2)] public required int Attempt { get; init; }

    /// <summary>The aggregator's epoch.</summary>
    [Id(3)] public required long Epoch { get; init; }

    /// <summary>Digest of the plan as submitted.</summary>
    [Id(4)] public required ContentDigest PlanDigest { get; init; }

    /// <summary>The model before.</summary>
    [Id(5)] public required ContentDigest ModelBefore { get; init; }

    /// <summary>The model after.</summary>
    [Id(6)] public required ContentDigest ModelAfter { get; init; }

    /// <summary>The updates it holds, in ordinal order of hospitals.</summary>
    [Id(7)] public required ImmutableArray<ParticipantUpdate> Participants { get; init; }

    /// <summary>Who was left out and why.</summary>
    [Id(8)] public required ImmutableArray<LeftOut> LeftOut { get; init; }

    /// <summary>When the attempt began.</summary>
    [Id(9)] public required DateTimeOffset BeganAt { get; init; }

    /// <summary>When the run committed it, or up to 10 s before, where this was made ready while something else was written.</summary>
    [Id(10)] public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>What the centre kept beside the model after; absent where it keeps nothing, also from the text, whose bytes are of every version of the program.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Id(11)] public ServerState? StateAfter { get; init; }
}
