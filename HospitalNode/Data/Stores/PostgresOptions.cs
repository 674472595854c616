using System.Collections.Immutable;

namespace FederatedOrleans.Data;

/// <summary>A query to a PostgreSQL database.</summary>
/// <remarks>Neither the query nor the connection comes from the network: both stand in the hospital's own description.</remarks>
internal sealed record PostgresOptions : StoreOptions
{
    /// <summary>Connection string, password included. It reaches no message and no log.</summary>
    public required string Connection { get; init; }

    /// <summary>One SELECT without an end mark. Its columns are the dataset's.</summary>
    public required string Query { get; init; }

    /// <summary>Columns by which rows are ordered, which together must tell each row apart: batches follow that order.</summary>
    public required ImmutableArray<string> OrderBy { get; init; }

    /// <summary>How long the rows once read count as those of the database: 1 minute to 365 days, which is the default.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Longest time that the query may take, to its last row: 1 s to 1 day; 1 hour by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Name of the database only.</summary>
    public override string ToString() => "a PostgreSQL query";
}
