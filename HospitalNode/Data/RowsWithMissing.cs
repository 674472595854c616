namespace FederatedOrleans.Data;

/// <summary>What becomes of a row with a missing value in a column that is used.</summary>
internal enum RowsWithMissing
{
    /// <summary>It is left out. A list of rows that names it is at fault.</summary>
    Drop,
}
