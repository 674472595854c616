namespace FederatedOrleans.Data;

/// <summary>Parquet files, read one after the other as one table, by DuckDB.</summary>
internal sealed record ParquetOptions : StoreOptions
{
    /// <summary>Most memory that DuckDB may use, in bytes: 64 MiB to 64 GiB; 256 MiB by default.</summary>
    public long DuckDbMemory { get; init; } = 256L << 20;
}
