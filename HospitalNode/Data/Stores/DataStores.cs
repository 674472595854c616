namespace FederatedOrleans.Data;

/// <summary>The stores by their options.</summary>
internal static class DataStores
{
    /// <summary>Comma-separated values.</summary>
    public const string Csv = "csv";

    /// <summary>Parquet files.</summary>
    public const string Parquet = "parquet";

    /// <summary>A PostgreSQL database.</summary>
    public const string Postgres = "postgresql";

    /// <summary>Image arrays of NumPy.</summary>
    public const string Npz = "npz";

    /// <summary>Every store there is.</summary>
    public static IReadOnlyList<string> Names { get; } = [Csv, Parquet, Postgres, Npz];

    /// <summary>The store of a dataset.</summary>
    public static IDataStore For(DatasetOptions options) => options.Store switch
    {
        CsvOptions csv => new CsvDataStore(csv, options.Missing),
        ParquetOptions parquet => new ParquetDataStore(parquet, options.Missing),
        PostgresOptions postgres => new PostgresDataStore(postgres, options.Missing),
        NpzOptions npz => new NpzDataStore(npz, options.Image!),
        _ => throw new ArgumentException("Unknown store.", nameof(options)),
    };
}
