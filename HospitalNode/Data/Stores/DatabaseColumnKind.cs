namespace FederatedOrleans.Data;

/// <summary>As what a query delivers a column.</summary>
internal enum DatabaseColumnKind
{
    /// <summary>Numbers and truth values, as double.</summary>
    Double,

    /// <summary>Numbers of float32: 6.1 is not the double 6.1.</summary>
    Single,

    /// <summary>Texts.</summary>
    Text,
}
