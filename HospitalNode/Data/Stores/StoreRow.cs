namespace FederatedOrleans.Data;

/// <summary>One row as the store holds it. A value of it never reaches a message or a log.</summary>
internal abstract class StoreRow
{
    /// <summary>Where the row stands, without what it holds: <c>a.csv line 7</c>.</summary>
    public abstract string Place { get; }

    /// <summary>Cells.</summary>
    public abstract int CellCount { get; }

    /// <summary>Whether a cell holds nothing, or what the description says stands for nothing.</summary>
    public abstract bool IsMissing(int cell);

    /// <summary>The number in a cell, infinite or not a number where that is what it holds; null where it holds something else.</summary>
    public abstract double? Number(int cell);

    /// <summary>The number in a cell as people write it, to be compared with what they have written: of a float32 the shortest that says it.</summary>
    public virtual double? Written(int cell) => Number(cell);

    /// <summary>The text of a cell, without blanks at its ends; of a number the shortest that says it.</summary>
    public abstract string Text(int cell);

    /// <summary>The image of the row.</summary>
    /// <param name="inputs">Receives its values, as <see cref="Plans.ImageShape"/> says.</param>
    public virtual void Image(Span<float> inputs) => throw new NotSupportedException("This store holds no images.");

    /// <inheritdoc/>
    public sealed override string ToString() => Place;
}
