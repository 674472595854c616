namespace FederatedOrleans.Encodings;

/// <summary>How the values of an update travel. A policy that a plan picks by name.</summary>
/// <remarks>
/// Values are encoded in blocks of <see cref="BlockValues"/>, each for itself, so that a receiver decodes one without having the others. The
/// same values give the same bytes, and the same bytes the same values, on every machine.
/// </remarks>
public interface IUpdateEncoding
{
    /// <summary>Values of a block; the last one of an update may be shorter.</summary>
    const int BlockValues = 256;

    /// <summary>The name a plan gives it.</summary>
    string Name { get; }

    /// <summary>Whether what is decoded has the bits of what was encoded.</summary>
    bool IsLossless { get; }

    /// <summary>Bytes of so many values.</summary>
    long EncodedLength(long values);

    /// <summary>Encodes values from the beginning of a block on.</summary>
    /// <param name="values">The values, finite.</param>
    /// <param name="encoded">Exactly as many bytes as they take.</param>
    void Encode(ReadOnlySpan<float> values, Span<byte> encoded);

    /// <summary>Decodes values from the beginning of a block on. They are not judged: bytes may stand for values that are not finite.</summary>
    /// <param name="encoded">Exactly as many bytes as the values take.</param>
    /// <param name="values">Where they go.</param>
    void Decode(ReadOnlySpan<byte> encoded, Span<float> values);
}
