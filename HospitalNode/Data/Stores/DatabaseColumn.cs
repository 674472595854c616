namespace FederatedOrleans.Data;

/// <summary>A column that a query delivers.</summary>
/// <param name="Place">Its number in the table.</param>
/// <param name="IsText">Whether it holds texts; else numbers, as double.</param>
internal readonly record struct DatabaseColumn(int Place, bool IsText);
