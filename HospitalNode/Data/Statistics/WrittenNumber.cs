using System.Globalization;

namespace FederatedOrleans.Data.Statistics;

/// <summary>A row's float32 as the number that was written in the store: the shortest decimal that reads as it.</summary>
/// <remarks>2.3 lies in a row as 2.29999995. Over all rows that is seen in the ninth digit of a mean: what people wrote has seven at most.</remarks>
internal static class WrittenNumber
{
    private const int Longest = 32;

    /// <summary>The number.</summary>
    /// <param name="value">A finite value.</param>
    public static double Of(float value)
    {
        if (value == MathF.Truncate(value) && MathF.Abs(value) < 1 << 24)
        {
            return value;
        }

        Span<char> text = stackalloc char[Longest];
        return value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture)
            ? double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture)
            : value;
    }
}
