namespace FederatedOrleans.Runs;

/// <summary>What the statistics round of a run has committed: sums over all its hospitals, none of one alone.</summary>
[GenerateSerializer, Immutable, Alias("fo.StatisticsView")]
public sealed record StatisticsView
{
    /// <summary>The plan as submitted, UTF-8 JSON.</summary>
    [Id(0)] public required byte[] Plan { get; init; }

    /// <summary>The round's manifest; its number is 0.</summary>
    [Id(1)] public required RoundManifest Manifest { get; init; }

    /// <summary>The vector of sums, raw little-endian float32: see <see cref="Preprocessing.SumsCodec"/>.</summary>
    [Id(2)] public required byte[] Sums { get; init; }
}
