using System.Text;
using System.Text.Json.Nodes;
using Npgsql;

namespace FederatedOrleans.Data;

/// <summary>Queries to a real server, as a user that may only read. 987 is the value that must not be seen.</summary>
public sealed class PostgresDataStoreTests : IAsyncLifetime
{
    private const string Password = "only-reads";
    private readonly TestFiles _files = new();
    private PostgresServer? _server;
    private NpgsqlConnectionStringBuilder? _owner;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(Token);
        _owner = await _server.CreateDatabaseAsync("omop", Token);
        await RunAsync($"CREATE ROLE fed_reader LOGIN PASSWORD '{Password}'; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO fed_reader");
        var password = _files.Write("fed_reader.password", Password + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _files.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_sample_of_an_OMOP_database_is_read_as_documented()
    {
        await RunAsync("""
            CREATE TABLE person (person_id int PRIMARY KEY, gender_concept_id int NOT NULL, year_of_birth int NOT NULL);
            CREATE TABLE measurement (measurement_id int PRIMARY KEY, person_id int NOT NULL, measurement_concept_id int NOT NULL, measurement_date date NOT NULL, value_as_number numeric);
            CREATE TABLE condition_occurrence (condition_occurrence_id int PRIMARY KEY, person_id int NOT NULL, condition_concept_id int NOT NULL);
            INSERT INTO person SELECT n, CASE WHEN n % 2 = 0 THEN 8507 ELSE 8532 END, 1940 + n FROM generate_series(1, 40) n;
            INSERT INTO measurement SELECT n, n, 3038553, DATE '2020-05-01', 20 + n FROM generate_series(1, 40) n;
            INSERT INTO measurement SELECT 100 + n, n, 3038553, DATE '2021-05-01', 21 + n FROM generate_series(1, 40) n;
            INSERT INTO measurement SELECT 200 + n, n, 3004249, DATE '2020-05-01', 100 + n FROM generate_series(1, 40) n;
            INSERT INTO measurement SELECT 300 + n, n, 3004410, DATE '2020-05-01', 5.5 FROM generate_series(1, 39) n;
            INSERT INTO condition_occurrence SELECT n, n, 201826 FROM generate_series(1, 10) n;
            """);
        foreach (var file in new[] { "omop-type-2-diabetes.sql", "omop-type-2-diabetes.json" })
        {
            File.Copy(TestFiles.At("samples", "datasets", file), Path.Combine(_files.Folder, file));
        }

        var description = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_files.Folder, "omop-type-2-diabetes.json"), Token))!.AsObject();
        description["connection"]!["port"] = _owner!.Port;
        var dataset = await LoadAsync(description.ToJsonString());

        // The one without a haemoglobin is dropped; age is that at the latest body mass index.
        Assert.Equal((39, 10), (dataset.RowCount, Enumerable.Range(0, 39).Count(dataset.IsPositive)));
        Assert.Equal([80f, 0f, 22f, 101f, 5.5f], dataset.Inputs.Open().Row(0).ToArray());
        Assert.Equal([79f, 1f, 23f, 102f, 5.5f], dataset.Inputs.Open().Row(1).ToArray());
        Assert.Equal(12, dataset.TestRows.Length);
    }

    [Fact]
    public async Task Rows_come_in_their_order_and_types_are_turned_into_numbers()
    {
        await RunAsync("""
            CREATE TABLE visits (id bigint, weight real, level text, ill boolean);
            INSERT INTO visits SELECT 5000 - n, n / 2.0, 'a', n % 2 = 0 FROM generate_series(1, 5000) n;
            """);
        var dataset = await LoadAsync(Description("SELECT * FROM visits"));

        Assert.Equal(5000, dataset.RowCount);
        var reader = dataset.Inputs.Open();
        Assert.All(Enumerable.Range(0, 5000), row => Assert.Equal((5000 - row) / 2f, reader.Row(row)[0]));
        Assert.All(Enumerable.Range(0, 5000), row => Assert.Equal(row % 2 == 0, dataset.IsPositive(row)));
    }

    [Fact]
    public async Task Nothing_can_be_written_even_where_the_user_may()
    {
        await RunAsync("""
            CREATE TABLE visits (id int, weight real, level text, ill boolean);
            GRANT ALL ON visits TO fed_reader;
            CREATE FUNCTION grow() RETURNS int LANGUAGE sql AS 'INSERT INTO visits VALUES (987, 1, ''a'', true); SELECT 1';
            """);
        var fault = await FaultAsync(Description("SELECT grow() AS id, 1.0 AS weight, 'a' AS level, true AS ill"));

        // 25006: read-only SQL transaction.
        Assert.Contains("The database refuses the query (code 25006)", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("987", fault, StringComparison.Ordinal);
        Assert.Equal(0L, await RunAsync("SELECT count(*) FROM visits"));
    }

    [Fact]
    public async Task What_the_server_says_of_a_value_stays_there()
    {
        await RunAsync("CREATE TABLE visits (id int, weight text, level text, ill boolean); INSERT INTO visits VALUES (1, 'kg 987', 'a', true)");
        var fault = await FaultAsync(Description("SELECT id, weight::real AS weight, level, ill FROM visits"));

        Assert.Contains("code 22P02", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("987", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Not_a_number_in_a_column_and_undeclared_levels_are_told_by_their_rows()
    {
        await RunAsync("CREATE TABLE visits (id int, weight real, level text, ill boolean); INSERT INTO visits VALUES (1, 'NaN', 'a', true), (2, 3, '987', true), (3, 1, 'b', NULL)");
        Assert.Equal(
            "weight: 1 cell is not a number (query row 0)." + Environment.NewLine + "level: 1 cell holds a level that is not declared (query row 1).",
            await FaultAsync(Description("SELECT * FROM visits")));
    }

    [Fact]
    public async Task A_wrong_password_an_absent_column_and_a_query_that_takes_too_long_are_told()
    {
        await RunAsync("CREATE TABLE visits (id int, weight real, level text, ill boolean); INSERT INTO visits VALUES (1, 2, 'a', true)");
        Assert.Contains("orderBy: the query has no column 'id'.", await FaultAsync(Description("SELECT weight, level, ill FROM visits")), StringComparison.Ordinal);

        var slow = JsonNode.Parse(Description("SELECT *, pg_sleep(20) IS NULL AS slept FROM visits"))!.AsObject();
        slow["timeout"] = "00:00:01";
        slow["features"]![0]!["column"] = "slept";
        Assert.Contains("code 57014", await FaultAsync(slow.ToJsonString()), StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(_files.Folder, "fed_reader.password"), "wrong", Token);
        var fault = await FaultAsync(Description("SELECT * FROM visits"));
        Assert.Contains("code 28P01", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_once_read_are_kept_until_they_are_old()
    {
        await RunAsync("CREATE TABLE visits (id int, weight real, level text, ill boolean); INSERT INTO visits SELECT n, n, 'a', n % 2 = 0 FROM generate_series(1, 20) n");
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var description = JsonNode.Parse(Description("SELECT * FROM visits"))!.AsObject();
        description["refresh"] = "1.00:00:00";
        using var catalog = new DatasetCatalog([Read(description.ToJsonString())], time, _files.Folder);
        Assert.Equal(20, (await catalog.LoadAsync("toy", Token)).RowCount);
        await RunAsync("INSERT INTO visits VALUES (21, 1, 'a', true)");
        time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(20, (await catalog.LoadAsync("toy", Token)).RowCount);
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(21, (await catalog.LoadAsync("toy", Token)).RowCount);

        // A database that is away for a while keeps nobody away who has read it once.
        time.Advance(TimeSpan.FromHours(25));
        await _server!.StopAsync();
        Assert.Equal(21, (await catalog.LoadAsync("toy", Token)).RowCount);
        using var fresh = new DatasetCatalog([Read(description.ToJsonString())], time, _files.Folder);
        var fault = await Assert.ThrowsAsync<StoreAwayException>(() => fresh.LoadAsync("toy", Token));
        Assert.Null(Site.Participants.JobFault.Of(fault));
    }

    private string Description(string query) => new JsonObject
    {
        ["name"] = "toy",
        ["store"] = "postgresql",
        ["connection"] = new JsonObject
        {
            ["host"] = _owner!.Host,
            ["port"] = _owner.Port,
            ["database"] = _owner.Database,
            ["user"] = "fed_reader",
            ["passwordFile"] = "fed_reader.password",
        },
        ["query"] = query,
        ["orderBy"] = new JsonArray("id"),
        ["features"] = new JsonArray(
            new JsonObject { ["name"] = "weight" },
            new JsonObject { ["name"] = "level", ["kind"] = "categorical", ["levels"] = new JsonArray("a", "b") }),
        ["label"] = new JsonObject { ["name"] = "ill" },
    }.ToJsonString();

    private DatasetOptions Read(string description) => DatasetOptionsReader.Read(Encoding.UTF8.GetBytes(description), _files.Folder, "va");

    private Task<LocalDataset> LoadAsync(string description) => LocalDatasetLoader.LoadAsync(Read(description), Token);

    private async Task<string> FaultAsync(string description) => (await Assert.ThrowsAsync<DatasetException>(() => LoadAsync(description))).Message;

    private async Task<object?> RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_owner!);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }
}
