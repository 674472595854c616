using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace FederatedOrleans.Identity;

/// <summary>The SHA-256 of a content, as 64 lower-case hexadecimal digits. Plans, models and updates are addressed by it.</summary>
/// <remarks>Ordered ordinally. The default value is <see cref="None"/>, which equals no content's digest.</remarks>
[GenerateSerializer, Immutable, Alias("fo.Digest")]
[JsonConverter(typeof(ContentDigestJsonConverter))]
public readonly record struct ContentDigest : IComparable<ContentDigest>
{
    [Id(0)]
    private readonly string? _hex;

    private ContentDigest(string hex) => _hex = hex;

    /// <summary>The absent digest.</summary>
    public static ContentDigest None => default;

    /// <summary>Whether this is the absent digest.</summary>
    public bool IsNone => _hex is null;

    /// <summary>64 lower-case hexadecimal digits, or the empty text for <see cref="None"/>.</summary>
    public string Hex => _hex ?? "";

    /// <summary>The first 12 digits: enough for a person to tell two models apart.</summary>
    public string Short => _hex is null ? "-" : _hex[..12];

    /// <summary>The digest of <paramref name="content"/>.</summary>
    public static ContentDigest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return FromHash(hash);
    }

    /// <summary>Wraps a finished SHA-256 value.</summary>
    /// <exception cref="ArgumentException">The span is not 32 bytes long.</exception>
    public static ContentDigest FromHash(ReadOnlySpan<byte> hash) =>
        hash.Length == SHA256.HashSizeInBytes
            ? new(Convert.ToHexStringLower(hash))
            : throw new ArgumentException("A SHA-256 value has 32 bytes.", nameof(hash));

    /// <summary>Reads 64 lower-case hexadecimal digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ContentDigest digest)
    {
        var ok = text is { Length: 64 } && text.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0;
        digest = ok ? new(text!) : default;
        return ok;
    }

    /// <summary>Reads 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static ContentDigest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException("A digest is 64 lower-case hexadecimal digits.");

    /// <inheritdoc/>
    public int CompareTo(ContentDigest other) => string.CompareOrdinal(Hex, other.Hex);

    /// <summary>Ordinal order of the digits.</summary>
    public static bool operator <(ContentDigest left, ContentDigest right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order of the digits.</summary>
    public static bool operator >(ContentDigest left, ContentDigest right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order of the digits.</summary>
    public static bool operator <=(ContentDigest left, ContentDigest right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order of the digits.</summary>
    public static bool operator >=(ContentDigest left, ContentDigest right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
