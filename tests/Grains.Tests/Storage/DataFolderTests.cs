namespace FederatedOrleans.Storage;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fo-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_folder_is_made_and_opened_again_by_its_owner()
    {
        var path = Path.Combine(_root, "new");
        DataFolder.Open(path, "silo of test").Dispose();
        using var folder = DataFolder.Open(path, "silo of test");

        Assert.Equal(path, folder.Path);
    }

    [Fact]
    public void A_path_under_a_file_can_not_be_used()
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");

        Assert.Contains("can't be written to", Refusal(Path.Combine(file, "data"), "me"), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_owner_is_refused_and_may_not_keep_the_lock()
    {
        var path = Path.Combine(_root, "owned");
        DataFolder.Open(path, "silo of one").Dispose();

        Assert.Contains("belongs to the silo of one", Refusal(path, "silo of two"), StringComparison.Ordinal);
        DataFolder.Open(path, "silo of one").Dispose();
    }

    [Fact]
    public void A_folder_in_use_is_refused_until_it_is_free()
    {
        var path = Path.Combine(_root, "used");
        using (DataFolder.Open(path, "me"))
        {
            Assert.Contains("in use by another process", Refusal(path, "me"), StringComparison.Ordinal);
        }

        DataFolder.Open(path, "me").Dispose();
    }

    [Fact]
    public void A_folder_of_foreign_files_is_refused()
    {
        File.WriteAllText(Path.Combine(_root, "letter.txt"), "");

        Assert.Contains("not of this program", Refusal(_root, "me"), StringComparison.Ordinal);
    }

    private static string Refusal(string path, string owner) =>
        Assert.Throws<DataFolderException>(() => DataFolder.Open(path, owner)).Message;
}
