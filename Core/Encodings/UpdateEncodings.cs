using System.Collections.Immutable;

namespace FederatedOrleans.Encodings;

/// <summary>The encodings of updates by name. The plan's validator asks here, so a misspelt name cannot pass.</summary>
public static class UpdateEncodings
{
    private static readonly ImmutableArray<IUpdateEncoding> All = [new Float32Encoding(), new BFloat16Encoding(), new Int8Encoding()];

    /// <summary>Every name there is.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(encoding => encoding.Name)];

    /// <summary>The encoding of a name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IUpdateEncoding For(string name) =>
        All.FirstOrDefault(encoding => encoding.Name == name) ?? throw new ArgumentException($"Unknown encoding '{name}'.", nameof(name));
}
