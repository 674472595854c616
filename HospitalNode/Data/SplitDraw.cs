using System.Runtime.InteropServices;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Data;

/// <summary>Draws which rows train, test and validate.</summary>
internal static class SplitDraw
{
    private const byte Test = 1;
    private const byte Validation = 2;

    /// <summary>Each class is shuffled and cut apart, so that all parts have its share; the lists ascend.</summary>
    /// <param name="labels">Index of the class of each row; not looked at where there is one class only.</param>
    /// <param name="classes">Classes; 1 for rows that have none.</param>
    /// <param name="options">Shares and seed.</param>
    /// <param name="dataset">Name of the dataset: its draw is its own.</param>
    public static RowSplit Of(ReadOnlySpan<float> labels, int classes, SplitOptions options, string dataset)
    {
        var random = SeededRandom.For("split", options.Seed, dataset);
        var parts = new byte[labels.Length];
        for (var label = 0; label < classes; label++)
        {
            int[] rows = classes == 1 ? [.. Enumerable.Range(0, labels.Length)] : RowsOf(labels, label);
            random.Shuffle(rows.AsSpan());
            var (count, held) = SizesOf(rows.Length, options);
            Mark(parts, rows.AsSpan(0, count), Test);
            Mark(parts, rows.AsSpan(count, held), Validation);
        }

        return new(ImmutableCollectionsMarshal.AsImmutableArray(Taken(parts, 0)), ImmutableCollectionsMarshal.AsImmutableArray(Taken(parts, Test)))
        {
            Validation = ImmutableCollectionsMarshal.AsImmutableArray(Taken(parts, Validation)),
        };
    }

    /// <summary>How many of a class's rows test and validate.</summary>
    /// <param name="rows">Rows of the class.</param>
    /// <param name="options">Shares.</param>
    public static (int Test, int Validation) SizesOf(int rows, SplitOptions options)
    {
        var test = (int)Math.Round(rows * options.TestFraction, MidpointRounding.AwayFromZero);
        return (test, Math.Min(rows - test, (int)Math.Round(rows * options.ValidationFraction, MidpointRounding.AwayFromZero)));
    }

    private static int[] RowsOf(ReadOnlySpan<float> labels, int label)
    {
        var rows = new int[labels.Count(label)];
        var found = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            if (labels[row] == label)
            {
                rows[found++] = row;
            }
        }

        return rows;
    }

    private static void Mark(byte[] parts, ReadOnlySpan<int> rows, byte part)
    {
        foreach (var row in rows)
        {
            parts[row] = part;
        }
    }

    private static int[] Taken(byte[] parts, byte part)
    {
        var rows = new int[parts.AsSpan().Count(part)];
        var found = 0;
        for (var row = 0; row < parts.Length; row++)
        {
            if (parts[row] == part)
            {
                rows[found++] = row;
            }
        }

        return rows;
    }
}
