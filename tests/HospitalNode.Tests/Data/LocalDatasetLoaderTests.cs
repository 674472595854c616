using System.Text;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>Each way a dataset can be wrong is said in words, with places and without values. 987 is the value that must not be seen.</summary>
public sealed class LocalDatasetLoaderTests : IDisposable
{
    private const string Description = """
        {
          "name": "toy", "files": ["toy.csv"], "missing": "?",
          "features": [{"name": "age"}, {"name": "kind", "kind": "categorical", "levels": ["1", "2", "x y"]}],
          "label": {"name": "ill", "target": "num > 0"},
          "split": {"testFraction": 0.5, "seed": 1}
        }
        """;

    private const string Header = "age,kind,unused,num\n";

    private readonly TestFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Rows_become_inputs_and_labels_in_order()
    {
        var dataset = await LoadAsync(Description, Header + "40,2.0,,0\n 50.5 , \"x y\" ,a,2\n60,1,b,1\n\n70,2,c,0\n");

        Assert.Equal((4, 3), (dataset.RowCount, dataset.InputCount));
        Assert.Equal([40f, 1f, 0f, 50.5f, 0f, 1f, 60f, 0f, 0f, 70f, 1f, 0f], Enumerable.Range(0, 4).SelectMany(row => dataset.Inputs.Open().Row(row).ToArray()));
        Assert.Equal([false, true, true, false], Enumerable.Range(0, 4).Select(dataset.IsPositive));
        Assert.Equal((2, 2), (dataset.TrainRows.Length, dataset.TestRows.Length));
        Assert.Equal(["age", "kind=2", "kind=x y"], dataset.Schema.InputNames);
    }

    [Fact]
    public async Task A_drawn_split_is_stratified_disjoint_and_repeatable()
    {
        var text = Header + string.Concat(Enumerable.Range(0, 100).Select(row => $"{row},1,,{(row % 4 == 0 ? 1 : 0)}\n"));
        var dataset = await LoadAsync(Description.Replace("0.5", "0.2", StringComparison.Ordinal), text);
        var again = await LoadAsync(Description.Replace("0.5", "0.2", StringComparison.Ordinal), text);

        Assert.Equal((80, 20), (dataset.TrainRows.Length, dataset.TestRows.Length));
        Assert.Equal(5, dataset.TestRows.Count(dataset.IsPositive));
        Assert.Equal(100, dataset.TrainRows.Union(dataset.TestRows).Count());
        Assert.Equal(dataset.TestRows, again.TestRows);
    }

    [Fact]
    public async Task A_categorical_label_is_the_index_of_its_class()
    {
        var description = Description.Replace(
            "\"label\": {\"name\": \"ill\", \"target\": \"num > 0\"}", "\"label\": {\"name\": \"stage\", \"kind\": \"categorical\", \"column\": \"num\", \"levels\": [\"none\", \"1\", \"2\"]}", StringComparison.Ordinal);
        var dataset = await LoadAsync(description, Header + "40,1,,none\n50,1,,2\n60,1,,1.0\n70,2,,1\n41,1,,none\n51,1,,2\n");

        Assert.Equal([0f, 2f, 1f, 1f, 0f, 2f], Enumerable.Range(0, 6).Select(dataset.Label));
        Assert.Equal((LabelKind.Categorical, 3), (dataset.Schema.LabelKind, dataset.Schema.ClassCount));

        // Each class has its share in both parts.
        Assert.Equal([0f, 1f, 2f], dataset.TestRows.Select(dataset.Label).Order());
        var fault = await Assert.ThrowsAsync<DatasetException>(() => LoadAsync(description, Header + "40,1,,none\n50,1,,3\n"));
        Assert.Contains("class that is not declared", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("3", fault.Message.Replace("line 3", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_numeric_label_is_its_value_and_its_rows_are_drawn_as_one()
    {
        var description = Description.Replace(
            "\"label\": {\"name\": \"ill\", \"target\": \"num > 0\"}", "\"label\": {\"name\": \"level\", \"kind\": \"numeric\", \"column\": \"num\"}", StringComparison.Ordinal);
        var dataset = await LoadAsync(description, Header + "40,1,,1.5\n50,1,,-2\n60,1,,3e2\n70,2,,0\n");

        Assert.Equal([1.5f, -2f, 300f, 0f], Enumerable.Range(0, 4).Select(dataset.Label));
        Assert.Equal((LabelKind.Numeric, 2, 2), (dataset.Schema.LabelKind, dataset.TrainRows.Length, dataset.TestRows.Length));
        var fault = await Assert.ThrowsAsync<DatasetException>(() => LoadAsync(description, Header + "40,1,,high\n50,1,,3e300\n"));
        Assert.Contains("label 'level'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("2 cells are not numbers", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validation_rows_are_drawn_beside_the_others()
    {
        var text = Header + string.Concat(Enumerable.Range(0, 100).Select(row => $"{row},1,,{(row % 4 == 0 ? 1 : 0)}\n"));
        var plain = await LoadAsync(Description.Replace("0.5", "0.2", StringComparison.Ordinal), text);
        var dataset = await LoadAsync(Description.Replace("0.5", "0.2, \"validationFraction\": 0.4", StringComparison.Ordinal), text);

        Assert.Equal((40, 20, 40), (dataset.TrainRows.Length, dataset.TestRows.Length, dataset.ValidationRows.Length));
        Assert.Equal(10, dataset.ValidationRows.Count(dataset.IsPositive));
        Assert.Equal(100, dataset.TrainRows.Union(dataset.TestRows).Union(dataset.ValidationRows).Count());

        // What is tested on is the same with validation rows and without.
        Assert.Equal(plain.TestRows, dataset.TestRows);
        Assert.Empty(plain.ValidationRows);
    }

    [Fact]
    public async Task Rows_with_missing_values_in_used_columns_are_dropped()
    {
        var dataset = await LoadAsync(Description, Header + "?,1,,0\n40,,,0\n41,1,,?\n42,1,?,0\n43,2,,1\n44,1,,0\n45,1,,1\n");

        Assert.Equal([42f, 43f, 44f, 45f], Enumerable.Range(0, dataset.RowCount).Select(row => dataset.Inputs.Open().Row(row)[0]));
    }

    [Fact]
    public async Task Several_files_are_one_table()
    {
        _files.Write("more.csv", Header + "3,1,,0\n4,2,,1\n");
        var dataset = await LoadAsync(Description.Replace("[\"toy.csv\"]", "[\"toy.csv\", \"more.csv\"]", StringComparison.Ordinal), Header + "1,1,,0\n2,2,,1\n");

        Assert.Equal([1f, 2f, 3f, 4f], Enumerable.Range(0, 4).Select(row => dataset.Inputs.Open().Row(row)[0]));
    }

    [Fact]
    public async Task Listed_rows_keep_the_order_of_their_lists()
    {
        var dataset = await LoadListedAsync("""{"a/b": {"train": [3, 0], "test": [2]}}""", Header + "1,1,,0\n?,1,,0\n3,1,,0\n4,1,,1\n");

        Assert.Equal([4f, 1f], dataset.TrainRows.Select(row => dataset.Inputs.Open().Row(row)[0]));
        Assert.Equal([3f], dataset.TestRows.Select(row => dataset.Inputs.Open().Row(row)[0]));
    }

    [Fact]
    public async Task A_missing_file_is_said()
    {
        var fault = await FaultsAsync(Description.Replace("toy.csv", "gone.csv", StringComparison.Ordinal), Header);
        Assert.Contains("gone.csv does not exist", Assert.Single(fault), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_columns_are_all_said() => Assert.Equal(
        [
            "feature 'age': column 'age' is not there; the first row has 3 columns.",
            "label 'ill': column 'num' is not there; the first row has 3 columns.",
        ],
        await FaultsAsync(Description, "alter,kind,unused\n987,1,2\n"));

    [Fact]
    public async Task A_column_beyond_the_last_is_said() => Assert.Contains(
        "feature 'age': column 9 is not there; the first row has 4 columns.",
        await FaultsAsync(Description.Replace("{\"name\": \"age\"}", "{\"name\": \"age\", \"column\": 9}", StringComparison.Ordinal), Header + "987,1,,0\n"));

    [Fact]
    public async Task A_column_named_twice_is_said() => Assert.Equal(
        ["feature 'age': column 'age' is there more than once."], await FaultsAsync(Description, "age,kind,age,num\n987,1,2,0\n"));

    [Fact]
    public async Task Cells_that_are_no_numbers_are_counted_with_their_first_lines() => Assert.Equal(
        ["age: 7 cells are not numbers (the first: toy.csv line 2, toy.csv line 3, toy.csv line 4, toy.csv line 5, toy.csv line 6)."],
        await FaultsAsync(Description, Header + string.Concat(Enumerable.Repeat("987 years,1,,0\n", 7)) + "50,1,,1\n"));

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e99")]
    [InlineData("9,87")]
    public async Task Numbers_that_no_float_holds_are_no_numbers(string cell) => Assert.Equal(
        ["age: 1 cell is not a number (toy.csv line 3)."], await FaultsAsync(Description, Header + $"50,1,,1\n\"{cell}\",1,,0\n"));

    [Fact]
    public async Task Faults_of_all_columns_are_said_at_once() => Assert.Equal(
        [
            "age: 1 cell is not a number (toy.csv line 2).",
            "kind: 2 cells hold a level that is not declared (toy.csv line 3, toy.csv line 4).",
            "label 'ill': 1 cell is not a number (toy.csv line 4).",
            "rows: 1 line has too few columns (toy.csv line 5).",
        ],
        await FaultsAsync(Description, Header + "x987,1,,0\n50,987,,0\n50,987,,x987\n987\n50,1,,0\n"));

    [Fact]
    public async Task A_label_without_a_comparison_must_be_binary() => Assert.Equal(
        ["label 'ill' is not binary: 2 cells are neither 0 nor 1 (toy.csv line 3, toy.csv line 4)."],
        await FaultsAsync(Description.Replace("num > 0", "num", StringComparison.Ordinal), Header + "50,1,,1\n50,1,,987\n50,1,,2\n50,1,,0.0\n"));

    [Theory]
    [InlineData("")]
    [InlineData(Header)]
    public async Task A_dataset_without_rows_is_empty(string text) => Assert.Contains("is empty", Assert.Single(await FaultsAsync(Description, text)), StringComparison.Ordinal);

    [Fact]
    public async Task A_dataset_of_missing_values_is_empty() => Assert.Equal(
        ["Dataset toy is empty: each of its 2 rows has a missing value in a column that is used."], await FaultsAsync(Description, Header + "?,1,,987\n987,?,,1\n"));

    [Fact]
    public async Task A_quote_that_is_never_closed_is_said_without_what_follows_it()
    {
        var fault = Assert.Single(await FaultsAsync(Description, Header + "50,1,,1\n51,\"987,,1\n52,1,,0\n"));
        Assert.Contains("toy.csv: the row that starts at line 3 is not CSV", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_differ_are_said()
    {
        _files.Write("more.csv", "kind,age,unused,num\n1,987,,0\n");
        Assert.Equal(
            ["more.csv: its header differs from that of toy.csv."],
            await FaultsAsync(Description.Replace("[\"toy.csv\"]", "[\"toy.csv\", \"more.csv\"]", StringComparison.Ordinal), Header + "50,1,,1\n"));
    }

    [Fact]
    public async Task Row_lists_are_held_to_the_rows() => Assert.Equal(
        [
            "row list 'train' names rows beyond the last, which is row 3: 4, 99.",
            "row list 'train' names rows with a missing value: 1.",
            "row list 'test' names rows that were named before: 0.",
        ],
        await ListedFaultsAsync("""{"a/b": {"train": [0, 1, 4, 99], "test": [0, 2]}}""", Header + "1,1,,0\n?,1,,0\n3,1,,0\n4,1,,1\n"));

    [Theory]
    [InlineData("{}", "nothing stands at /a~1b")]
    [InlineData("""{"a/b": {"train": [0]}}""", "test: is required but missing")]
    [InlineData("""{"a/b": {"train": [0, -1], "test": [1]}}""", "train[1]: must be the number of a row")]
    [InlineData("""{"a/b": {"train": [0, 1.5], "test": [1]}}""", "train[1]: must be the number of a row")]
    [InlineData("[", "is not JSON")]
    public async Task Row_lists_that_cannot_be_read_are_said(string lists, string message) =>
        Assert.Contains(message, Assert.Single(await ListedFaultsAsync(lists, Header + "1,1,,0\n2,1,,1\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"a/b": {"train": [], "test": [1]}}""", "has no training row")]
    [InlineData("""{"a/b": {"train": [1], "test": []}}""", "has no test row")]
    public async Task An_empty_list_is_said(string lists, string message) =>
        Assert.Contains(message, Assert.Single(await ListedFaultsAsync(lists, Header + "1,1,,0\n2,1,,1\n")), StringComparison.Ordinal);

    [Fact]
    public async Task Faults_of_lists_and_rows_are_said_together()
    {
        var faults = await FaultsAsync(Listed.Replace("lists.json", "gone.json", StringComparison.Ordinal), Header + "x987,1,,0\n");

        Assert.Equal(2, faults.Length);
        Assert.Contains("gone.json does not exist", faults[0], StringComparison.Ordinal);
        Assert.Contains("age: 1 cell is not a number", faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_of_a_column_that_is_no_input_are_told_of_usable_rows()
    {
        _files.Write("toy.csv", Header + "40,1,north,0\n?,1,south,0\n41,1,,1\n42,1,1.0,1\n43,1,1,0\n44,2,north,1\n45,2,01,0\n");
        var options = DatasetOptionsReader.Read(Encoding.UTF8.GetBytes(Description), _files.Folder, "site");
        var groups = new RowGroups(ColumnReference.Named("unused"));
        var dataset = await LocalDatasetLoader.LoadAsync(options, DataStores.For(options), groups: groups, cancellationToken: Token);

        // The second row has no age; 1 and 1.0 are the same, 01 is not.
        Assert.Equal(6, dataset.RowCount);
        Assert.Equal([0, RowGroups.None, 1, 1, 0, 2], groups.Codes.ToArray());
        Assert.Equal(["north", "1", "01"], groups.Values);

        var fault = await Assert.ThrowsAsync<DatasetException>(() => LocalDatasetLoader.LoadAsync(
            options, DataStores.For(options), groups: new(ColumnReference.Named("ward")), cancellationToken: Token));
        Assert.Equal("groups of rows: column 'ward' is not there; the first row has 4 columns.", Assert.Single(fault.Faults));
    }

    private static string Listed => Description.Replace(
        "{\"testFraction\": 0.5, \"seed\": 1}", "{\"file\": \"lists.json\", \"hospital\": \"/a~1b\"}", StringComparison.Ordinal);

    private async Task<LocalDataset> LoadAsync(string description, string csv)
    {
        _files.Write("toy.csv", csv);
        return await LocalDatasetLoader.LoadAsync(DatasetOptionsReader.Read(Encoding.UTF8.GetBytes(description), _files.Folder, "site"), Token);
    }

    private Task<LocalDataset> LoadListedAsync(string lists, string csv)
    {
        _files.Write("lists.json", lists);
        return LoadAsync(Listed, csv);
    }

    private async Task<string[]> FaultsAsync(string description, string csv)
    {
        var exception = await Assert.ThrowsAsync<DatasetException>(() => LoadAsync(description, csv));
        Assert.DoesNotContain("987", exception.ToString(), StringComparison.Ordinal);
        Assert.Null(exception.InnerException);
        return [.. exception.Faults];
    }

    private Task<string[]> ListedFaultsAsync(string lists, string csv)
    {
        _files.Write("lists.json", lists);
        return FaultsAsync(Listed, csv);
    }
}
