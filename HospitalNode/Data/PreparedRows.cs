namespace FederatedOrleans.Data;

/// <summary>Standardised rows with their labels, in the order of their list. Immutable.</summary>
internal sealed class PreparedRows
{
    private readonly double[] _inputs;
    private readonly double[] _labels;
    private readonly int _inputCount;

    public PreparedRows(LocalDataset dataset, ReadOnlySpan<int> rows, Standardization standardization)
    {
        _inputCount = dataset.InputCount;
        _inputs = new double[checked(rows.Length * _inputCount)];
        _labels = new double[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            standardization.Apply(dataset.Row(rows[row]), _inputs.AsSpan(row * _inputCount, _inputCount));
            _labels[row] = dataset.Label(rows[row]);
        }
    }

    /// <summary>Rows.</summary>
    public int Count => _labels.Length;

    /// <summary>Labels: 0 or 1 of a binary one, the index of the class of a categorical one.</summary>
    public ReadOnlySpan<double> Labels => _labels;

    /// <summary>The inputs of a row.</summary>
    public ReadOnlySpan<double> Row(int row) => _inputs.AsSpan(row * _inputCount, _inputCount);
}
