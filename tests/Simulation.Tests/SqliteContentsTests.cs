using Microsoft.Data.Sqlite;

namespace FederatedOrleans.Storage;

/// <summary>Short contents in a real file.</summary>
public sealed class SqliteContentsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fo-contents-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "contents.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_was_put_is_found_by_whoever_opens_the_file_next()
    {
        using (var contents = SqliteContents.Open(Path))
        {
            contents.Put([1], [7, 8, 9]);
            contents.Put([2], []);
            Assert.Equal([7, 8, 9], contents.Find([1])!);
        }

        using var again = SqliteContents.Open(Path);
        Assert.Equal([7, 8, 9], again.Find([1])!);
        Assert.Empty(again.Find([2])!);
        Assert.Null(again.Find([3]));
    }

    [Fact]
    public void What_was_damaged_is_repaired_by_being_put_again_and_what_is_there_writes_nothing()
    {
        using var contents = SqliteContents.Open(Path);
        contents.Put([1], [7, 8, 9]);
        Execute("UPDATE Content SET Bytes = x'00'");
        Assert.Equal([0], contents.Find([1])!);

        contents.Put([1], [7, 8, 9]);
        Assert.Equal([7, 8, 9], contents.Find([1])!);
        var log = File.ReadAllBytes(Path + "-wal");
        contents.Put([1], [7, 8, 9]);
        Assert.Equal(log, File.ReadAllBytes(Path + "-wal"));
    }

    [Fact]
    public async Task Many_put_and_find_at_once()
    {
        using var contents = SqliteContents.Open(Path);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var number = 0; number < 25; number++)
            {
                byte[] key = [(byte)worker, (byte)number];
                contents.Put(key, [.. key, 1]);
                Assert.Equal([.. key, 1], contents.Find(key)!);
            }
        })));
    }

    [Fact]
    public void A_file_of_a_newer_version_is_refused_and_one_that_is_none_too()
    {
        SqliteContents.Open(Path).Dispose();
        Execute("PRAGMA user_version = 99");
        Assert.Contains("newer version", Assert.Throws<DataFolderException>(() => SqliteContents.Open(Path)).Message, StringComparison.Ordinal);

        var other = System.IO.Path.Combine(_folder, "other.db");
        File.WriteAllText(other, new string('x', 5_000));
        Assert.Contains("can't be opened", Assert.Throws<DataFolderException>(() => SqliteContents.Open(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_can_not_be_used_is_said_so_as_that_of_any_other_store()
    {
        using var contents = SqliteContents.Open(Path);
        Execute("DROP TABLE Content");

        Assert.Throws<IOException>(() => contents.Put([1], [2]));
        Assert.Throws<IOException>(() => contents.Find([1]));
    }

    private void Execute(string text)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
