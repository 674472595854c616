using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CsvHelper;

namespace FederatedOrleans.Data;

/// <summary>CSV files (RFC 4180, UTF-8) read one after the other as one table. Blank lines are no rows.</summary>
/// <remarks>What the CSV reader says of a broken line stays here: it may quote what the line holds.</remarks>
internal sealed class CsvDataStore(CsvOptions options, string missing) : IDataStore
{
    // A quote that is never closed would otherwise swallow the rest of the file as one cell.
    private const int LongestRow = 1024 * 1024;

    private readonly CsvReaderOptions _options = new()
    {
        Separator = options.Delimiter[0],
        DetectSeparatorHint = false,
        HasHeader = options.HasHeader,
        SkipEmptyLines = true,
        TrimWhitespace = true,
        TrimInsideQuotes = true,
        TrackLineNumbers = true,
        IncludeValuesInExceptions = false,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = LongestRow,
    };

    /// <inheritdoc/>
    public string Stamp() => DataFiles.StampOf(options.Files);

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<string>> ReadColumnNamesAsync(CancellationToken cancellationToken = default)
    {
        DataFiles.Require(options.Files);
        if (!options.HasHeader)
        {
            return options.Columns;
        }

        var first = await ReadHeaderAsync(options.Files[0], cancellationToken);
        var faults = new List<string>();
        foreach (var file in options.Files.Skip(1))
        {
            if (!(await ReadHeaderAsync(file, cancellationToken)).SequenceEqual(first, StringComparer.Ordinal))
            {
                faults.Add($"{Path.GetFileName(file)}: its header differs from that of {Path.GetFileName(options.Files[0])}.");
            }
        }

        return faults.Count == 0 ? first : throw new DatasetException([.. faults]);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreRow> ReadRowsAsync(
        ImmutableArray<int> columns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        DataFiles.Require(options.Files);
        foreach (var file in options.Files)
        {
            var source = Path.GetFileName(file);
            await using var reader = Open(file);
            while (await ReadAsync(source, () => reader.ReadAsync(cancellationToken)))
            {
                var cells = new string[reader.FieldCount];
                for (var cell = 0; cell < cells.Length; cell++)
                {
                    cells[cell] = reader.GetString(cell);
                }

                yield return new CsvRow(source, reader.LineNumber, cells, missing);
            }
        }
    }

    private static async ValueTask<bool> ReadAsync(string source, Func<ValueTask<bool>> read)
    {
        try
        {
            return await read();
        }
        catch (CsvFormatException fault)
        {
            throw new DatasetException($"{source}: the row that starts at line {fault.LineNumber} is not CSV: a quote is out of place or not closed, or the row is longer than {LongestRow:N0} bytes.");
        }
        catch (IOException)
        {
            throw new DatasetException($"{source}: reading the file failed.");
        }
    }

    private CsvReader Open(string file)
    {
        try
        {
            return CsvReader.FromFile(file, _options);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"The data file {file} cannot be opened.");
        }
    }

    private async ValueTask<ImmutableArray<string>> ReadHeaderAsync(string file, CancellationToken cancellationToken)
    {
        await using var reader = Open(file);
        await ReadAsync(Path.GetFileName(file), async () =>
        {
            await reader.ReadHeaderAsync(cancellationToken);
            return true;
        });
        return [.. reader.Headers];
    }
}
