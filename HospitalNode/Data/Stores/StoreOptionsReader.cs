using System.Collections.Immutable;
using FederatedOrleans.Json;
using FederatedOrleans.Plans;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Data;

/// <summary>Reads which store holds a dataset, from the members of its description.</summary>
internal static class StoreOptionsReader
{
    private const long LeastDuckDbMemory = 64L << 20;
    private const long MostDuckDbMemory = 64L << 30;
    private const int MostQuery = 64 * 1024;

    // Which stores a member is for; those of all stores are not here.
    private static readonly (string Member, string[] Stores)[] Members =
    [
        ("files", [DataStores.Csv, DataStores.Parquet, DataStores.Npz]),
        ("header", [DataStores.Csv]),
        ("columns", [DataStores.Csv]),
        ("delimiter", [DataStores.Csv]),
        ("duckDbMemory", [DataStores.Parquet]),
        ("connection", [DataStores.Postgres]),
        ("query", [DataStores.Postgres]),
        ("queryFile", [DataStores.Postgres]),
        ("orderBy", [DataStores.Postgres]),
        ("refresh", [DataStores.Postgres]),
        ("timeout", [DataStores.Postgres]),
        ("arrays", [DataStores.Npz]),
    ];

    /// <summary>The store; of no use where there are faults.</summary>
    /// <param name="root">The description.</param>
    /// <param name="paths">Its paths.</param>
    /// <param name="image">The size of its images, where it has any.</param>
    public static StoreOptions Read(JsonObjectReader root, DescriptionPaths paths, ImageShape? image)
    {
        var kind = root.Choice("store", DataStores.Names);
        var store = kind ?? DataStores.Csv;
        foreach (var (member, stores) in Members)
        {
            var isKnown = kind is not null || !root.Has("store");
            if (root.Has(member) && isKnown && !stores.Contains(store, StringComparer.Ordinal))
            {
                // Asked for, so that it does not count as unknown too.
                root.Know(member);
                root.Fault(member, $"has no meaning for the store {store}; it is for {string.Join(", ", stores)}");
            }
        }

        if (image is not null != (store == DataStores.Npz) && (kind is not null || !root.Has("store")))
        {
            root.Fault("image", image is null
                ? $"is missing: the store {store} holds images, whose size is {{\"channels\": 1, \"height\": 28, \"width\": 28}}, say"
                : $"is given although the store {store} holds none; images are in {DataStores.Npz}");
        }

        return store switch
        {
            DataStores.Parquet => new ParquetOptions
            {
                Files = ReadFiles(root, paths),
                DuckDbMemory = root.Whole("duckDbMemory", LeastDuckDbMemory, MostDuckDbMemory) ?? new ParquetOptions().DuckDbMemory,
            },
            DataStores.Postgres => ReadPostgres(root, paths),
            DataStores.Npz => ReadNpz(root, paths),
            _ => ReadCsv(root, paths),
        };
    }

    private static CsvOptions ReadCsv(JsonObjectReader root, DescriptionPaths paths)
    {
        var header = root.Flag("header") ?? true;
        return new() { Files = ReadFiles(root, paths), HasHeader = header, Columns = ReadColumns(root, header), Delimiter = ReadDelimiter(root) };
    }

    private static PostgresOptions ReadPostgres(JsonObjectReader root, DescriptionPaths paths)
    {
        var query = ReadQuery(root, paths);
        var order = root.Texts("orderBy", required: true) ?? [];
        if (root.Has("orderBy") && order.IsEmpty)
        {
            root.Fault("orderBy", "must name the columns by which rows are told apart: batches are made in their order");
        }

        return new()
        {
            Connection = root.Object("connection", required: true) is { } connection
                ? PostgresConnectionReader.Read(connection, paths.Folder, "fed-node").ConnectionString
                : "",
            Query = query,
            OrderBy = order,
            Refresh = root.Duration("refresh", TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)) ?? TimeSpan.FromDays(365),
            Timeout = root.Duration("timeout", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) ?? TimeSpan.FromHours(1),
        };
    }

    private static string ReadQuery(JsonObjectReader root, DescriptionPaths paths)
    {
        if (root.Has("query") == root.Has("queryFile"))
        {
            root.Know("query");
            root.Know("queryFile");
            root.Fault("query", root.Has("query")
                ? "stands beside queryFile: give exactly one of the two"
                : "is missing, and so is queryFile: give exactly one of the two");
            return "";
        }

        var member = root.Has("query") ? "query" : "queryFile";
        var query = root.Text(member)?.Trim() ?? "";
        if (member == "queryFile" && query.Length > 0)
        {
            var path = paths.Full(root, member, query);
            try
            {
                query = new FileInfo(path) is { Exists: true, Length: > MostQuery } ? "" : File.ReadAllText(path).Trim();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                root.Fault(member, $"names {path}, which cannot be read");
                return "";
            }
        }

        if (query.Length is 0 or > MostQuery || query.EndsWith(';'))
        {
            root.Fault(member, $"must be one SELECT of at most {MostQuery:N0} characters, without a semicolon at its end");
        }

        return query;
    }

    private static NpzOptions ReadNpz(JsonObjectReader root, DescriptionPaths paths)
    {
        var files = ReadFiles(root, paths);
        if (files.Length > 1)
        {
            root.Fault("files", "must name one archive; its arrays are in arrays");
        }

        var arrays = root.Objects("arrays", required: true).Select(reader =>
        {
            var pair = new NpzArrays(reader.Text("images", required: true) ?? "", reader.Text("labels", required: true) ?? "");
            reader.Finish();
            return pair;
        }).ToImmutableArray();
        if (root.Has("arrays") && arrays.IsEmpty)
        {
            root.Fault("arrays", "must name at least one pair, as {\"images\": \"train_images\", \"labels\": \"train_labels\"}");
        }

        return new() { Files = files, Arrays = arrays };
    }

    private static ImmutableArray<string> ReadFiles(JsonObjectReader root, DescriptionPaths paths)
    {
        var files = root.Texts("files", required: true);
        if (files is { IsEmpty: true })
        {
            root.Fault("files", "must name at least one file");
        }

        return [.. (files ?? []).Select(file => paths.Full(root, "files", file))];
    }

    private static ImmutableArray<string> ReadColumns(JsonObjectReader root, bool header)
    {
        var columns = root.Texts("columns") ?? [];
        if (header && !columns.IsEmpty)
        {
            root.Fault("columns", "are given although the files have a header; say \"header\": false, or leave them out");
        }

        foreach (var repeated in columns.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Skip(1).Any()))
        {
            root.Fault("columns", $"names '{JsonObjectReader.Quote(repeated.Key)}' more than once");
        }

        return columns;
    }

    private static string ReadDelimiter(JsonObjectReader root)
    {
        var delimiter = root.Text("delimiter") ?? ",";
        if (delimiter.Length != 1 || !char.IsAscii(delimiter[0]) || delimiter[0] is '"' or '\r' or '\n' || char.IsLetterOrDigit(delimiter[0]))
        {
            root.Fault("delimiter", "must be one character such as \",\", \";\" or a tab");
        }

        return delimiter;
    }
}
