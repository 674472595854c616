namespace FederatedOrleans.Data;

/// <summary>What became of a row, the worse the higher.</summary>
internal enum RowOutcome
{
    /// <summary>Every used cell was read.</summary>
    Usable,

    /// <summary>A used cell is missing.</summary>
    Missing,

    /// <summary>A used cell cannot be read.</summary>
    Faulty,
}
