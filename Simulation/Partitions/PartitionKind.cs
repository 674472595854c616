namespace FederatedOrleans.Simulation.Partitions;

/// <summary>What decides which hospital a row is at.</summary>
internal enum PartitionKind
{
    /// <summary><c>even</c>: hospitals are alike.</summary>
    Even,

    /// <summary><c>dirichlet:ALPHA</c>: label skew.</summary>
    Dirichlet,

    /// <summary><c>quantity:ALPHA</c>: skewed sizes.</summary>
    Quantity,

    /// <summary><c>column:NAME</c>: the value of a column.</summary>
    Column,

    /// <summary><c>sites</c>: where the row was read.</summary>
    Sites,
}
