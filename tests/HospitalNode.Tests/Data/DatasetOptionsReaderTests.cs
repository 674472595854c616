using System.Text;
using System.Text.Json.Nodes;

namespace FederatedOrleans.Data;

public sealed class DatasetOptionsReaderTests
{
    private const string Smallest = """{"name": "toy", "files": ["a.csv"], "features": [{"name": "age"}], "label": {"name": "ill"}}""";

    [Fact]
    public void Left_out_members_take_their_defaults()
    {
        var options = Read(Smallest);

        var store = Assert.IsType<CsvOptions>(options.Store);
        Assert.Equal((true, ",", "", 0), (store.HasHeader, store.Delimiter, options.Missing, store.Columns.Length));
        Assert.Equal(("/data/x/a.csv", "column 'age'", "column 'ill'"), (store.Files[0], options.Features[0].Column.ToString(), options.Label.Column.ToString()));
        Assert.Equal((null, 0.3, 0L), (options.Split.File, options.Split.TestFraction, options.Split.Seed));
    }

    [Fact]
    public void Columns_may_be_numbers_where_there_is_no_header()
    {
        var options = Read("""{"name": "toy", "files": ["a.csv"], "header": false, "features": [{"name": "age", "column": 3}], "label": {"name": "ill", "target": "13 >= 1.5"}}""");

        Assert.Equal((3, 13, ">="), (options.Features[0].Column.Index, options.Label.Column.Index, options.Label.Target!.Comparison));
    }

    [Theory]
    [InlineData("name", "\"Heart Disease\"", "$.name: 'Heart Disease' is no id")]
    [InlineData("files", "[]", "$.files: must name at least one file")]
    [InlineData("files", "[\"{datta}/a.csv\"]", "$.files: {datta} is unknown; known: {hospital}, {data}")]
    [InlineData("delimiter", "\"::\"", "$.delimiter: must be one character")]
    [InlineData("columns", "[\"age\"]", "$.columns: are given although the files have a header")]
    [InlineData("header", "false", "$.columns: column 'age' is used but not among the names")]
    [InlineData("rowsWithMissing", "\"impute\"", "$.rowsWithMissing: is 'impute', which is unknown; known: drop, keep")]
    [InlineData("label", "{\"name\": \"ill\", \"target\": \"num > zero\"}", "$.label.target: 'num > zero' is no comparison")]
    [InlineData("label", "{\"name\": \"ill\", \"target\": \"num > 0 > 1\"}", "$.label.target: 'num > 0 > 1' is no comparison")]
    [InlineData("label", "{\"name\": \"ill\", \"target\": \"num = 0\"}", "is no comparison")]
    [InlineData("label", "{\"name\": \"age\"}", "$.label: 'age' is a feature too")]
    [InlineData("features", "[{\"name\": \"age\", \"column\": -1}]", "$.features[0].column: must be from 0 to 100,000 but is -1")]
    [InlineData("features", "[{\"name\": \"age\", \"colum\": \"x\"}]", "$.features[0].colum: is not known here; did you mean 'column'?")]
    [InlineData("split", "{\"testFraction\": 1}", "$.split.testFraction: must be from 0.01 to 0.99 but is 1")]
    [InlineData("split", "{\"file\": \"s.json\", \"hospital\": \"va\"}", "$.split.hospital: must be a path such as")]
    [InlineData("split", "{\"file\": \"s.json\", \"testFraction\": 0.5}", "$.split.testFraction: is not known here")]
    [InlineData("filess", "1", "$.filess: is not known here; did you mean 'files'?")]
    public void A_wrong_member_is_said(string member, string value, string message)
    {
        var root = JsonNode.Parse(Smallest)!.AsObject();
        root[member] = JsonNode.Parse(value);
        var faults = Assert.Throws<DatasetException>(() => Read(root.ToJsonString())).Faults;

        Assert.Contains(message, faults[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"store": "parquet", "header": false}""", "$.header: has no meaning for the store parquet; it is for csv")]
    [InlineData("""{"store": "parquett"}""", "$.store: is 'parquett', which is unknown; known: csv, parquet, postgresql, npz")]
    [InlineData("""{"store": "parquet", "duckDbMemory": 1}""", "$.duckDbMemory: must be from 67,108,864")]
    [InlineData("""{"store": "postgresql"}""", "$.files: has no meaning for the store postgresql; it is for csv, parquet, npz")]
    [InlineData("""{"store": "postgresql", "query": "SELECT 1;"}""", "$.query: must be one SELECT of at most 65,536 characters, without a semicolon at its end")]
    [InlineData("""{"store": "postgresql", "query": "SELECT 1", "queryFile": "q.sql"}""", "$.query: stands beside queryFile: give exactly one of the two")]
    [InlineData("""{"store": "postgresql"}""", "$.query: is missing, and so is queryFile: give exactly one of the two")]
    [InlineData("""{"store": "postgresql", "queryFile": "/nowhere/q.sql"}""", "$.queryFile: names /nowhere/q.sql, which cannot be read")]
    [InlineData("""{"store": "postgresql", "query": "SELECT 1"}""", "$.orderBy: is required")]
    [InlineData("""{"store": "postgresql", "query": "SELECT 1", "orderBy": ["id"]}""", "$.connection: is required")]
    [InlineData("""{"store": "npz"}""", "$.image: is missing: the store npz holds images")]
    [InlineData("""{"image": {"height": 8, "width": 8}}""", "$.image: is given although the store csv holds none")]
    [InlineData("""{"store": "npz", "image": {"height": 8, "width": 8}, "arrays": []}""", "$.arrays: must name at least one pair")]
    [InlineData("""{"memoryLimit": 1}""", "$.memoryLimit: must be from 1,048,576")]
    public void What_a_store_needs_and_what_it_has_no_use_for_is_said(string members, string message)
    {
        var root = JsonNode.Parse(Smallest)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
        {
            root[name] = value?.DeepClone();
        }

        Assert.Contains(Assert.Throws<DatasetException>(() => Read(root.ToJsonString())).Faults, fault => fault.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_is_said_at_once() =>
        Assert.Equal(5, Assert.Throws<DatasetException>(() => Read("""{"nam": 1, "header": 7}""")).Faults.Count(fault => fault.StartsWith("$.", StringComparison.Ordinal) && !fault.StartsWith("$.nam:", StringComparison.Ordinal)));

    [Fact]
    public void Unnamed_columns_are_said_beside_other_faults()
    {
        var faults = Assert.Throws<DatasetException>(() => Read(Smallest.Replace("\"name\": \"toy\"", "\"name\": \"Toy\", \"header\": false", StringComparison.Ordinal))).Faults;

        Assert.Equal(3, faults.Length);
        Assert.Equal(2, faults.Count(fault => fault.StartsWith("$.columns:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_description_that_is_not_there_is_said() => Assert.Contains(
        "does not exist",
        (await Assert.ThrowsAsync<DatasetException>(() => DatasetOptionsReader.ReadFileAsync("/nowhere/x.json", "va", cancellationToken: TestContext.Current.CancellationToken))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("num > 0", 0, false)]
    [InlineData("num>0", 1, true)]
    [InlineData("num >= 1", 1, true)]
    [InlineData("num < -1.5", -2, true)]
    [InlineData("num <= 2", 3, false)]
    [InlineData("the outcome == 2", 2, true)]
    [InlineData("num != 0", 0, false)]
    [InlineData("num", 1, true)]
    [InlineData("num", 0, false)]
    [InlineData("num", 0.5, null)]
    public void Comparisons_do_what_they_say(string text, double value, bool? positive)
    {
        Assert.True(TargetExpression.TryParse(text, out var target));
        Assert.Equal(positive, target.IsPositive(value));
    }

    private static DatasetOptions Read(string json) => DatasetOptionsReader.Read(Encoding.UTF8.GetBytes(json), "/data/x", "va");
}
