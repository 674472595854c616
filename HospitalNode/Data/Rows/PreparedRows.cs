namespace FederatedOrleans.Data;

/// <summary>Preprocessed rows with their labels, in the order of their list.</summary>
/// <remarks>What it holds does not change, but reading is not safe for concurrent use: each user opens its own by <see cref="Open"/>.</remarks>
internal abstract class PreparedRows
{
    /// <summary>Rows.</summary>
    public abstract int Count { get; }

    /// <summary>Inputs a row.</summary>
    public abstract int InputCount { get; }

    /// <summary>Rows of a list, in memory where the dataset is.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="rows">Which of its rows.</param>
    /// <param name="transformation">What is done to them.</param>
    public static PreparedRows Of(LocalDataset dataset, ReadOnlyMemory<int> rows, IInputTransformation transformation) =>
        dataset.Inputs.IsInMemory
            ? new PreparedMemoryRows(dataset, rows.Span, transformation)
            : new PreparedStoredRows(dataset, rows, transformation);

    /// <summary>The same rows for one reader of its own.</summary>
    public abstract PreparedRows Open();

    /// <summary>The inputs of a row, valid until the next call.</summary>
    public abstract ReadOnlySpan<double> Row(int row);

    /// <summary>The label of a row: 0 or 1 of a binary one, the index of the class of a categorical one, the value of a numeric one as the model learns it.</summary>
    public abstract double Label(int row);

    /// <summary>The labels of all rows.</summary>
    public double[] Labels()
    {
        var labels = new double[Count];
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = Label(row);
        }

        return labels;
    }
}
