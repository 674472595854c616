namespace FederatedOrleans.Storage;

/// <summary>Files that are whole or absent.</summary>
public sealed class DurableFileTests : IDisposable
{
    private readonly TestFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(_files.Folder, "file");

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_file_is_written_whole_and_replaces_an_older_one()
    {
        await DurableFile.WriteAsync(Target, "older and longer"u8.ToArray(), Token);
        await DurableFile.WriteAsync(Target, "newer"u8.ToArray(), Token);

        Assert.Equal("newer", await File.ReadAllTextAsync(Target, Token));
        Assert.Equal([Target], Directory.EnumerateFiles(_files.Folder));
    }

    [Fact]
    public async Task A_write_that_is_cancelled_leaves_the_older_file()
    {
        await DurableFile.WriteAsync(Target, "older"u8.ToArray(), Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => DurableFile.WriteAsync(Target, "newer"u8.ToArray(), new CancellationToken(canceled: true)));

        Assert.Equal("older", await File.ReadAllTextAsync(Target, Token));
    }

    [Fact]
    public void A_part_that_is_published_has_its_name()
    {
        var part = _files.Write("file.part", "whole");

        DurableFile.Publish(part, Target);

        Assert.Equal("whole", File.ReadAllText(Target));
        Assert.False(File.Exists(part));
    }

    [Fact]
    public void A_folder_is_flushed_and_one_that_can_not_be_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A folder can't be flushed there.");
        DurableFile.FlushFolder(_files.Folder);

        Assert.Throws<IOException>(() => DurableFile.FlushFolder(Path.Combine(_files.Folder, "none")));
    }
}
