using System.CommandLine;
using System.Globalization;

namespace FederatedOrleans.Bench.Streaming;

/// <summary><c>bench streaming</c>: a real node trains on more rows than its memory may hold, beside reading the same rows and nothing else.</summary>
internal static class StreamingCommand
{
    private const double Million = 1e6;
    private const double MiB = 1 << 20;

    public static Command Create()
    {
        var programs = new Option<string>("--programs") { Description = "Folder of the built projects", DefaultValueFactory = _ => Path.Combine("artifacts", "bin") };
        var parquet = new Option<int>("--parquet") { Description = "Rows of Parquet; 0 for none", DefaultValueFactory = _ => 10_000_000 };
        var postgres = new Option<int>("--postgresql") { Description = "Rows of PostgreSQL; 0 for none", DefaultValueFactory = _ => 2_000_000 };
        var command = new Command("streaming", "Training on large Parquet files and PostgreSQL tables: rows a second and the node's memory") { programs, parquet, postgres };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(programs), parsed.GetValue(parquet), parsed.GetValue(postgres), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string programs, int parquetRows, int postgresRows, CancellationToken cancellationToken)
    {
        var lines = new List<string>
        {
            "One Silo and one node, real processes; logistic regression in double, one thread, batches of 256, each pass shuffled anew, inputs standardised.",
            "A node that starts reads its stores before it attends: what it keeps does not fit into the memory allowed (256 MiB) and lies in its scratch file. The first round",
            "fits the standardisation and trains for one pass, the second trains for one pass; a round is from its beginning to its commit.",
            "Reading alone is a bare reader of the same columns in the same order in this process, with the same limits, that adds the numbers up.",
            "",
            "| store | rows | columns | reading alone, M rows/s | node's start, s | M rows/s | of reading | first round, s | second round, s | M rows/s | of reading | node's peak RSS, MiB |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        };
        if (parquetRows > 0)
        {
            await using var rows = await ParquetRows.MakeAsync(parquetRows, cancellationToken);
            lines.Add(await MeasureAsync("Parquet, DuckDB limited to 128 MiB", rows, programs, cancellationToken));
        }

        if (postgresRows > 0)
        {
            await using var rows = await PostgresRows.MakeAsync(postgresRows, cancellationToken);
            lines.Add(await MeasureAsync("PostgreSQL", rows, programs, cancellationToken));
        }

        await ResultFile.WriteAsync("streaming", "Training on more rows than memory holds", lines, cancellationToken);
        return 0;
    }

    private static async Task<string> MeasureAsync(string name, IStoredRows rows, string programs, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"{name}: {rows.Count:N0} rows are made; reading them ...");
        var reading = await rows.ReadAsync(cancellationToken);
        await Console.Error.WriteLineAsync($"read in {reading.TotalSeconds:0.0} s; training ...");
        var (start, first, second, memory) = await StreamingRun.MeasureAsync(rows, programs, cancellationToken);
        double Rate(TimeSpan time) => rows.Count / time.TotalSeconds / Million;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {rows.Count:N0} | {rows.Columns} | {Rate(reading):0.00} | {start.TotalSeconds:0.0} | {Rate(start):0.00} | {reading / start:0.00} | {first.TotalSeconds:0.0} | {second.TotalSeconds:0.0} | {Rate(second):0.00} | {reading / second:0.00} | {memory / MiB:0} |");
    }
}
