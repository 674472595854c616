namespace FederatedOrleans.Data;

/// <summary>What becomes of a row with a missing value in a column that is used.</summary>
internal enum RowsWithMissing
{
    /// <summary>It is left out. A list of rows that names it is at fault.</summary>
    Drop,

    /// <summary>It is kept, for plans that say what to put in. Without its label it is left out all the same.</summary>
    Keep,
}
