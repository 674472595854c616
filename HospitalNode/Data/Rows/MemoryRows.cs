namespace FederatedOrleans.Data;

/// <summary>Rows in memory, one after the other.</summary>
/// <param name="values">The inputs; given away.</param>
/// <param name="count">Rows.</param>
/// <param name="width">Inputs a row.</param>
internal sealed class MemoryRows(float[] values, int count, int width) : RowMatrix
{
    /// <inheritdoc/>
    public override int Count { get; } = values.Length == (long)count * width
        ? count
        : throw new ArgumentException($"There are {values.Length:N0} values for {count:N0} rows of {width:N0}.", nameof(values));

    /// <inheritdoc/>
    public override int Width => width;

    /// <inheritdoc/>
    public override bool IsInMemory => true;

    /// <inheritdoc/>
    public override RowReader Open() => new Reader(values, width);

    private sealed class Reader(float[] values, int width) : RowReader
    {
        public override ReadOnlySpan<float> Row(int row) => values.AsSpan(row * width, width);
    }
}
