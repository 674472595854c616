using System.IO.Compression;
using System.Text;

namespace FederatedOrleans.Data;

/// <summary>Images of NumPy archives.</summary>
public sealed class NpzDataStoreTests : IDisposable
{
    private const string Description = """
        {
          "name": "toy", "store": "npz", "files": ["toy.npz"], "image": {"channels": 1, "height": 2, "width": 3},
          "arrays": [{"images": "train_images", "labels": "train_labels"}, {"images": "test_images", "labels": "test_labels"}],
          "label": {"name": "ill"},
          "split": {"file": "split.json"}
        }
        """;

    private readonly TestFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Arrays_follow_one_another_as_one_table()
    {
        WriteArchive(("train_images", "(2, 2, 3)", [0, 255, 1, 2, 3, 4, 10, 20, 30, 40, 50, 60]), ("train_labels", "(2, 1)", [1, 0]),
            ("test_images", "(1, 2, 3)", [7, 7, 7, 7, 7, 7]), ("test_labels", "(1,)", [1]));
        var dataset = await LoadAsync(Description, """{"train": ["0..1"], "test": [2]}""");

        Assert.Equal((3, 6), (dataset.RowCount, dataset.InputCount));
        Assert.Equal([1f, 0f, 1f], Enumerable.Range(0, 3).Select(dataset.Label));
        Assert.Equal([-1f, 1f, (1 - 127.5f) / 127.5f], dataset.Inputs.Open().Row(0)[..3].ToArray());
        Assert.Equal([0, 1], dataset.TrainRows);
        Assert.Equal([2], dataset.TestRows);
    }

    [Fact]
    public async Task Channels_of_a_pixel_are_taken_apart()
    {
        WriteArchive(("train_images", "(2, 1, 2, 3)", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), ("train_labels", "(2,)", [1, 0]));
        var description = Description
            .Replace("\"channels\": 1, \"height\": 2, \"width\": 3", "\"channels\": 3, \"height\": 1, \"width\": 2", StringComparison.Ordinal)
            .Replace(", {\"images\": \"test_images\", \"labels\": \"test_labels\"}", "", StringComparison.Ordinal);
        var dataset = await LoadAsync(description, """{"train": [0], "test": [1]}""");

        Assert.Equal([0f, 3f, 1f, 4f, 2f, 5f], dataset.Inputs.Open().Row(0).ToArray().Select(value => MathF.Round((value * 127.5f) + 127.5f)));
    }

    [Theory]
    [InlineData("(2, 3, 3)", "(2, 1)", "its images are 3 x 3, those of the dataset 2 x 3")]
    [InlineData("(2, 2, 3)", "(3, 1)", "there are 2 images and 3 labels")]
    [InlineData("(2, 2, 3)", "(2, 2)", "one label an image is needed; its shape is 2 x 2")]
    [InlineData("(9, 2, 3)", "(9, 1)", "ends before its last element")]
    [InlineData("(99999999999999999999, 2, 3)", "(9, 1)", "has a header that cannot be read")]
    [InlineData("(1 2, 2, 3)", "(9, 1)", "has a header that cannot be read")]
    public async Task Arrays_of_another_shape_are_refused(string images, string labels, string message)
    {
        WriteArchive(("train_images", images, [0, 255, 1, 2, 3, 4, 10, 20, 30, 40, 50, 60]), ("train_labels", labels, [1, 0, 1, 0, 1, 0, 1, 0, 1]));
        Assert.Contains(message, await FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<f4", "False")]
    [InlineData("|u1", "True")]
    public async Task Other_types_and_orders_are_refused(string type, string order)
    {
        WriteArchive(type, order, ("train_images", "(2, 2, 3)", new byte[12]), ("train_labels", "(2,)", [1, 0]));
        Assert.Contains("does not hold unsigned bytes in C order", await FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_archive_or_lacks_an_array_is_refused()
    {
        await File.WriteAllTextAsync(Here("toy.npz"), "images 987", Token);
        Assert.Contains("is no NumPy archive", await FaultAsync(), StringComparison.Ordinal);
        WriteArchive(("images", "(2, 2, 3)", new byte[12]));
        Assert.Contains("holds no array 'train_images'; it holds images", await FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_that_is_neither_0_nor_1_is_named_by_its_image()
    {
        WriteArchive(("train_images", "(2, 2, 3)", new byte[12]), ("train_labels", "(2,)", [1, 7]),
            ("test_images", "(1, 2, 3)", new byte[6]), ("test_labels", "(1,)", [1]));
        Assert.Contains("1 cell is neither 0 nor 1 (train_images image 1)", await FaultAsync(), StringComparison.Ordinal);
    }

    private string Here(string name) => Path.Combine(_files.Folder, name);

    private async Task<string> FaultAsync() =>
        (await Assert.ThrowsAsync<DatasetException>(() => LoadAsync(Description, """{"train": [0], "test": [1]}"""))).Message;

    private async Task<LocalDataset> LoadAsync(string description, string split)
    {
        await File.WriteAllTextAsync(Here("split.json"), split, Token);
        return await LocalDatasetLoader.LoadAsync(DatasetOptionsReader.Read(Encoding.UTF8.GetBytes(description), _files.Folder, "va"), Token);
    }

    private void WriteArchive(params ReadOnlySpan<(string Name, string Shape, byte[] Values)> arrays) => WriteArchive("|u1", "False", arrays);

    private void WriteArchive(string type, string order, params ReadOnlySpan<(string Name, string Shape, byte[] Values)> arrays)
    {
        File.Delete(Here("toy.npz"));
        using var archive = ZipFile.Open(Here("toy.npz"), ZipArchiveMode.Create);
        foreach (var (name, shape, values) in arrays)
        {
            NpzWriter.Add(archive, name, shape, values, type, order);
        }
    }
}
