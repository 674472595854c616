namespace FederatedOrleans.Data;

/// <summary>Rows that were preprocessed once and are kept in memory. Any number of readers may share them.</summary>
internal sealed class PreparedMemoryRows : PreparedRows
{
    private readonly double[] _inputs;
    private readonly double[] _labels;
    private readonly int _inputCount;

    public PreparedMemoryRows(LocalDataset dataset, ReadOnlySpan<int> rows, IInputTransformation transformation)
    {
        _inputCount = transformation.InputCount;
        _inputs = new double[checked(rows.Length * _inputCount)];
        _labels = new double[rows.Length];
        var reader = dataset.Inputs.Open();
        for (var row = 0; row < rows.Length; row++)
        {
            transformation.Apply(reader.Row(rows[row]), _inputs.AsSpan(row * _inputCount, _inputCount));
            _labels[row] = transformation.Label(dataset.Label(rows[row]));
        }
    }

    /// <inheritdoc/>
    public override int Count => _labels.Length;

    /// <inheritdoc/>
    public override int InputCount => _inputCount;

    /// <inheritdoc/>
    public override PreparedRows Open() => this;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Row(int row) => _inputs.AsSpan(row * _inputCount, _inputCount);

    /// <inheritdoc/>
    public override double Label(int row) => _labels[row];
}
