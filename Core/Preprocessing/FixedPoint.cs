namespace FederatedOrleans.Preprocessing;

/// <summary>Whole numbers in float32 values whose sums are exact: each value holds 8 bits of the number, with its sign.</summary>
/// <remarks>
/// A float32 holds whole numbers up to 2^24 exactly, so that digits to the base 256 of up to 65,793 hospitals can be added up in any order without
/// an error. A sum of fixed-point numbers is all that secure aggregation leaves, so that what is computed of the sums stays the same with it.
/// </remarks>
public static class FixedPoint
{
    /// <summary>Most hospitals whose numbers can be added up.</summary>
    public const int MostSummands = ((1 << 24) - 1) / (Base - 1);

    /// <summary>Values that a count takes, which is below 2^32.</summary>
    public const int CountWidth = 4;

    /// <summary>Values that a real number takes.</summary>
    public const int RealWidth = 12;

    private const int Base = 256;

    // With 2^30 rows of at most 1 each, 91 of the 96 bits: finer than a double of such a sum.
    private const double One = 1L << 60;

    /// <summary>Writes a whole number.</summary>
    /// <param name="number">The number, of no more digits than there are values.</param>
    /// <param name="digits">Receives the digits, the lowest first.</param>
    /// <exception cref="ArgumentOutOfRangeException">It has more digits.</exception>
    public static void Write(Int128 number, Span<float> digits)
    {
        var (rest, sign) = (Int128.Abs(number), number < 0 ? -1 : 1);
        foreach (ref var digit in digits)
        {
            digit = sign * (float)(int)(rest % Base);
            rest /= Base;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(rest, Int128.Zero, nameof(number));
    }

    /// <summary>Reads a whole number, or the sum of several.</summary>
    public static Int128 Read(ReadOnlySpan<float> digits)
    {
        Int128 number = 0;
        for (var index = digits.Length - 1; index >= 0; index--)
        {
            number = (number * Base) + (Int128)digits[index];
        }

        return number;
    }

    /// <summary>Whether each value is a digit.</summary>
    public static bool AreDigits(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!(MathF.Abs(value) < Base) || value != MathF.Truncate(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The fixed-point number nearest to a real one of at most 2^30.</summary>
    public static Int128 OfReal(double value) => (Int128)Math.Round(value * One);

    /// <summary>The real number of a fixed-point one.</summary>
    public static double ToReal(Int128 number) => (double)number / One;
}
