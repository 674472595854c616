namespace FederatedOrleans.Preprocessing;

/// <summary>What is counted and added up of one feature, or of the label, over rows of one or of all hospitals.</summary>
public sealed class FeatureSums
{
    /// <param name="cells">Bins of a number, or levels.</param>
    public FeatureSums(int cells) => Cells = new long[cells];

    /// <summary>Hospitals that have withheld some of it, since a count was below the least cell.</summary>
    public long Withheld { get; set; }

    /// <summary>Rows with a number. Levels have none: theirs are the sum of the cells.</summary>
    public long Present { get; set; }

    /// <summary>Rows without a value.</summary>
    public long Missing { get; set; }

    /// <summary>Rows with a level that is not declared.</summary>
    public long Undeclared { get; set; }

    /// <summary>Sum of (x - pivot) / half width, as <see cref="FixedPoint.OfReal"/>.</summary>
    public Int128 Sum { get; set; }

    /// <summary>Sum of its squares.</summary>
    public Int128 Squares { get; set; }

    /// <summary>Rows of each bin, or of each level.</summary>
    public long[] Cells { get; }
}
