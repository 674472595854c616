using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace FederatedOrleans.Randomness;

/// <summary>A generator for what is random but not secret: initial weights, shuffles, cohorts. Never for noise, masks or keys.</summary>
/// <remarks>
/// xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021), its 256 bits of state being
/// the SHA-256 of the purpose and what it is for. The sequence is part of the product: the same words give the same numbers on every
/// machine and in every version, which <see cref="Random"/> does not promise. Not safe for concurrent use.
/// </remarks>
public sealed class SeededRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    private SeededRandom(ReadOnlySpan<byte> state)
    {
        _s0 = BinaryPrimitives.ReadUInt64LittleEndian(state);
        _s1 = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]);
        _s2 = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
        _s3 = BinaryPrimitives.ReadUInt64LittleEndian(state[24..]);
    }

    /// <summary>The generator of one purpose under one seed.</summary>
    /// <param name="purpose">What the numbers are for, so that two uses of one seed are independent.</param>
    /// <param name="seed">The plan's seed.</param>
    /// <param name="subject">What it is for within the purpose: a hospital and a pass, a round and an attempt.</param>
    public static SeededRandom For(string purpose, long seed, params ReadOnlySpan<string> subject)
    {
        var text = new StringBuilder();
        Append(text, purpose);
        Append(text, seed.ToString(CultureInfo.InvariantCulture));
        foreach (var part in subject)
        {
            Append(text, part);
        }

        return new(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform whole number from 0 to <paramref name="bound"/> - 1, without bias.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);

        // Draws above the last multiple of the bound are thrown away.
        var limit = ulong.MaxValue - (ulong.MaxValue % (ulong)bound);
        ulong draw;
        do
        {
            draw = NextUInt64();
        }
        while (draw >= limit);

        return (int)(draw % (ulong)bound);
    }

    /// <summary>Puts <paramref name="items"/> in a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextInt32(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    // Each part with its length before it: no two different lists of parts give the same text.
    private static void Append(StringBuilder text, string part) => text.Append(part.Length).Append(':').Append(part);
}
