namespace FederatedOrleans.Data;

/// <summary>Reads rows of a <see cref="RowMatrix"/>. Not safe for concurrent use.</summary>
internal abstract class RowReader
{
    /// <summary>The inputs of a row, valid until the next call.</summary>
    /// <param name="row">Number of the row, from 0.</param>
    /// <exception cref="DatasetException">The file that holds the rows cannot be read.</exception>
    public abstract ReadOnlySpan<float> Row(int row);
}
