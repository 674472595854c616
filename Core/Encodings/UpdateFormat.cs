namespace FederatedOrleans.Encodings;

/// <summary>What the bytes of one update are: how its values are encoded, and whether the whole is compressed.</summary>
/// <param name="Encoding">Name of the encoding.</param>
/// <param name="IsCompressed">Whether it is in LZ4 frames.</param>
public sealed record UpdateFormat(string Encoding, bool IsCompressed)
{
    private const string CompressedSuffix = "+lz4";

    /// <summary>Raw float32: what an update without a tag is.</summary>
    public static UpdateFormat Raw { get; } = new(Float32Encoding.PolicyName, false);

    /// <summary>The tag that it travels with, such as <c>int8</c> or <c>int8+lz4</c>.</summary>
    public string Tag => IsCompressed ? Encoding + CompressedSuffix : Encoding;

    /// <summary>Reads a tag; an absent one is <see cref="Raw"/>.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The format, or null where the tag is unknown.</returns>
    public static UpdateFormat? Parse(string? tag)
    {
        if (string.IsNullOrEmpty(tag))
        {
            return Raw;
        }

        var isCompressed = tag.EndsWith(CompressedSuffix, StringComparison.Ordinal);
        var encoding = isCompressed ? tag[..^CompressedSuffix.Length] : tag;
        return UpdateEncodings.Names.Contains(encoding, StringComparer.Ordinal) ? new(encoding, isCompressed) : null;
    }

    /// <summary>Most bytes of an update of so many values: compressed ones are smaller than this, others have exactly so many.</summary>
    public long MostBytes(long values) => UpdateEncodings.For(Encoding).EncodedLength(values);
}
