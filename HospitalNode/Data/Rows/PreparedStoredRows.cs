namespace FederatedOrleans.Data;

/// <summary>Rows that are not in memory: read, and preprocessed, each time they are asked for.</summary>
/// <param name="dataset">The dataset.</param>
/// <param name="rows">Which of its rows.</param>
/// <param name="transformation">What is done to them.</param>
internal sealed class PreparedStoredRows(LocalDataset dataset, ReadOnlyMemory<int> rows, IInputTransformation transformation) : PreparedRows
{
    private readonly RowReader _reader = dataset.Inputs.Open();
    private readonly double[] _row = new double[transformation.InputCount];

    /// <inheritdoc/>
    public override int Count => rows.Length;

    /// <inheritdoc/>
    public override int InputCount => transformation.InputCount;

    /// <inheritdoc/>
    public override PreparedRows Open() => new PreparedStoredRows(dataset, rows, transformation);

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Row(int row)
    {
        transformation.Apply(_reader.Row(rows.Span[row]), _row);
        return _row;
    }

    /// <inheritdoc/>
    public override double Label(int row) => transformation.Label(dataset.Label(rows.Span[row]));
}
