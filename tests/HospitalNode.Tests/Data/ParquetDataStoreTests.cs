using System.Text;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;

namespace FederatedOrleans.Data;

/// <summary>Parquet files, written by DuckDB itself. 987 is the value that must not be seen.</summary>
public sealed class ParquetDataStoreTests : IDisposable
{
    private const string Description = """
        {
          "name": "toy", "store": "parquet", "files": ["a.parquet", "b's.parquet"],
          "features": [{"name": "age"}, {"name": "kind", "kind": "categorical", "levels": ["1", "2", "x y"]}],
          "label": {"name": "ill", "target": "num > 0"},
          "split": {"testFraction": 0.5, "seed": 1}
        }
        """;

    private readonly TestFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Rows_are_those_of_the_files_in_order_whatever_the_columns_types_are()
    {
        Write("a.parquet", "SELECT * FROM (VALUES (1.5::DECIMAL(5,2), '2', TRUE, 'unused'), (40, 'x y', FALSE, 'u')) t(age, kind, num, more)");
        Write("b's.parquet", "SELECT * FROM (VALUES (60::DECIMAL(5,2), '1', TRUE, 'v'), (NULL, '1', TRUE, 'w'), (70, '2', FALSE, 'w')) t(age, kind, num, more)");
        var dataset = await LoadAsync(Description);

        Assert.Equal([1.5f, 1f, 0f, 40f, 0f, 1f, 60f, 0f, 0f, 70f, 1f, 0f], Enumerable.Range(0, 4).SelectMany(row => dataset.Inputs.Open().Row(row).ToArray()));
        Assert.Equal([true, false, true, false], Enumerable.Range(0, 4).Select(dataset.IsPositive));
    }

    [Fact]
    public async Task Each_file_has_types_of_its_own()
    {
        Write("a.parquet", "SELECT * FROM (VALUES (2::BIGINT, 1, 1), (3, 1, 0)) t(age, kind, num)");
        Write("b's.parquet", "SELECT * FROM (VALUES (2.3::DOUBLE, '2', 1.0), (4.75, 'x y', 0.0)) t(age, kind, num)");
        var dataset = await LoadAsync(Description);

        Assert.Equal([2f, 3f, 2.3f, 4.75f], Enumerable.Range(0, 4).Select(row => dataset.Inputs.Open().Row(row)[0]));
        Write("b's.parquet", "SELECT 1 AS age, 1 AS num, 1 AS kind");
        Assert.Equal("b's.parquet: its columns differ from those of a.parquet.", await FaultAsync(Description));
    }

    [Fact]
    public async Task Numbers_of_float32_are_compared_as_people_write_them()
    {
        Write("a.parquet", "SELECT * FROM (VALUES (99.9::FLOAT, 0.1::FLOAT, 6.1::FLOAT), (5, 0.1, 6.1), (6, 2, 6.0), (7, 2, 6.2)) t(age, kind, num)");
        Write("b's.parquet", "SELECT 8::FLOAT AS age, 2::FLOAT AS kind, 6.0::FLOAT AS num");
        var dataset = await LoadAsync(Description
            .Replace("num > 0", "num >= 6.1", StringComparison.Ordinal)
            .Replace("\"1\", \"2\", \"x y\"", "\"2\", \"0.1\"", StringComparison.Ordinal)
            .Replace("\"name\": \"toy\"", "\"name\": \"toy\", \"missing\": \"99.9\"", StringComparison.Ordinal));

        Assert.Equal([true, false, true, false], Enumerable.Range(0, 4).Select(dataset.IsPositive));
        Assert.Equal([1f, 0f, 0f, 0f], Enumerable.Range(0, 4).Select(row => dataset.Inputs.Open().Row(row)[1]));
    }

    [Fact]
    public async Task Many_rows_keep_their_order()
    {
        Write("a.parquet", "SELECT range AS age, 1 AS kind, range % 2 AS num FROM range(300000)");
        Write("b's.parquet", "SELECT range + 300000 AS age, 1 AS kind, range % 2 AS num FROM range(10)");
        var dataset = await LoadAsync(Description);

        Assert.Equal(300_010, dataset.RowCount);
        var reader = dataset.Inputs.Open();
        Assert.All(Enumerable.Range(0, 300_010), row => Assert.Equal(row, reader.Row(row)[0]));
    }

    [Fact]
    public async Task Not_a_number_is_a_fault_unless_it_is_declared_to_be_missing()
    {
        Write("a.parquet", "SELECT * FROM (VALUES ('NaN'::FLOAT, 1, 1), (987, 1, 1), (3, 1, 0), (4, 2, 0)) t(age, kind, num)");
        Write("b's.parquet", "SELECT 5::FLOAT AS age, 1 AS kind, 1 AS num");
        var fault = await FaultAsync(Description);
        Assert.Equal("age: 1 cell is not a number (a.parquet row 0).", fault);

        var dataset = await LoadAsync(Description.Replace("\"name\": \"toy\"", "\"name\": \"toy\", \"missing\": \"NaN\"", StringComparison.Ordinal));
        Assert.Equal(4, dataset.RowCount);
        dataset = await LoadAsync(Description.Replace("\"name\": \"toy\"", "\"name\": \"toy\", \"missing\": \"987\"", StringComparison.Ordinal).Replace("\"age\"", "\"kinds\", \"column\": \"num\"", StringComparison.Ordinal));
        Assert.Equal(5, dataset.RowCount);
    }

    [Fact]
    public async Task A_level_that_is_not_declared_is_told_without_its_value()
    {
        Write("a.parquet", "SELECT 1 AS age, '987' AS kind, 1 AS num");
        Write("b's.parquet", "SELECT 1 AS age, '1' AS kind, 1 AS num");
        Assert.Equal("kind: 1 cell holds a level that is not declared (a.parquet row 0).", await FaultAsync(Description));
    }

    [Fact]
    public async Task Columns_that_are_not_there_and_those_of_strange_types_are_told()
    {
        Write("a.parquet", "SELECT DATE '2026-01-01' AS age, 1 AS kind, 1 AS num");
        Write("b's.parquet", "SELECT DATE '2026-01-01' AS age, 1 AS kind, 1 AS num");
        Assert.StartsWith("column 'age': it holds values of the kind DateOnly", await FaultAsync(Description), StringComparison.Ordinal);
        Assert.Contains("column 'number' is not there", await FaultAsync(Description.Replace("num > 0", "number > 0", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_damaged_or_not_there_is_told_without_a_value()
    {
        await File.WriteAllTextAsync(Here("a.parquet"), "PAR1 987", Token);
        Assert.Equal(2, (await Assert.ThrowsAsync<DatasetException>(() => LoadAsync(Description))).Message.Split("does not exist").Length);
        await File.WriteAllTextAsync(Here("b's.parquet"), "987", Token);
        var fault = await FaultAsync(Description);
        Assert.StartsWith($"The Parquet file {Here("a.parquet")} cannot be read", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("987", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_beyond_the_memory_limit_lie_in_a_file_and_are_the_same()
    {
        Write("a.parquet", "SELECT range AS age, 1 + range % 2 AS kind, range % 3 AS num FROM range(200000)");
        Write("b's.parquet", "SELECT 5 AS age, 1 AS kind, 1 AS num");
        var inMemory = await LoadAsync(Description);
        var node = JsonNode.Parse(Description)!.AsObject();
        node["memoryLimit"] = 1 << 20;
        var inFile = await LoadAsync(node.ToJsonString());

        Assert.Equal((true, false), (inMemory.Inputs.IsInMemory, inFile.Inputs.IsInMemory));
        Assert.Equal(inMemory.TestRows, inFile.TestRows);
        var plan = Toy.Plan(epochs: 2, steps: null, batch: 32, learningRate: 0.01) with { Dataset = new() { Name = "toy", Schema = inMemory.Schema } };
        Models.ParameterVector Trained(LocalDataset dataset) => Training.Trainers.BuiltIn.For(plan).Train(
            new()
            {
                Plan = plan,
                Hospital = "va",
                Round = 1,
                Data = PreparedDataset.For(plan, dataset),
                Model = Models.ParameterVector.Zeros(4),
                Iterator = Training.DataIteratorState.Start,
            },
            cancellationToken: Token).Update;
        Assert.Equal(Trained(inMemory).Digest, Trained(inFile).Digest);
        Assert.Empty(Directory.EnumerateFiles(_files.Folder, "*.rows", SearchOption.AllDirectories));
    }

    private string Here(string name) => Path.Combine(_files.Folder, name);

    private async Task<string> FaultAsync(string description) => (await Assert.ThrowsAsync<DatasetException>(() => LoadAsync(description))).Message;

    private async Task<LocalDataset> LoadAsync(string description)
    {
        var options = DatasetOptionsReader.Read(Encoding.UTF8.GetBytes(description), _files.Folder, "va");
        return await LocalDatasetLoader.LoadAsync(options, DataStores.For(options), _files.Folder, cancellationToken: Token);
    }

    private void Write(string name, string query)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({query}) TO '{Here(name).Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet)";
        command.ExecuteNonQuery();
    }
}
