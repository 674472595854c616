using System.Numerics.Tensors;
using FederatedOrleans.Models;

namespace FederatedOrleans.Evaluation;

/// <summary>How far apart hospitals are.</summary>
public static class Differences
{
    /// <summary>Total variation of two distributions given by counts, half the sum of |p - q|: 0 where they are alike, 1 where they have nothing in common; null where one is empty.</summary>
    /// <exception cref="ArgumentException">They have different numbers of cells.</exception>
    public static double? TotalVariation(ReadOnlySpan<long> one, ReadOnlySpan<long> other)
    {
        if (one.Length != other.Length)
        {
            throw new ArgumentException($"One has {one.Length} cells, the other {other.Length}.", nameof(other));
        }

        double ones = TensorPrimitives.Sum(one), others = TensorPrimitives.Sum(other);
        if (ones == 0 || others == 0)
        {
            return null;
        }

        var sum = 0.0;
        for (var cell = 0; cell < one.Length; cell++)
        {
            sum += Math.Abs((one[cell] / ones) - (other[cell] / others));
        }

        return sum / 2;
    }

    /// <summary>Cosine of the angle between two vectors, -1 to 1; null where one is zero.</summary>
    public static double? Cosine(ParameterVector one, ParameterVector other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var (product, norms) = (0.0, one.Norm() * other.Norm());
        for (var index = 0; index < one.Length; index++)
        {
            product += (double)one.Span[index] * other.Span[index];
        }

        return norms == 0 ? null : Math.Clamp(product / norms, -1, 1);
    }
}
