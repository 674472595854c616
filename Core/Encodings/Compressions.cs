using System.Collections.Immutable;

namespace FederatedOrleans.Encodings;

/// <summary>The ways a plan may have encoded updates compressed.</summary>
public static class Compressions
{
    /// <summary>As they are.</summary>
    public const string None = "none";

    /// <summary>LZ4, kept only where it makes an update smaller.</summary>
    public const string Lz4 = "lz4";

    /// <summary>Every way there is.</summary>
    public static ImmutableArray<string> Names { get; } = [None, Lz4];
}
