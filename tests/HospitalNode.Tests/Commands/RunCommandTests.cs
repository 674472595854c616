using System.Diagnostics;
using System.Globalization;
using FederatedOrleans.Site.Participants;
using Microsoft.Data.Sqlite;

namespace FederatedOrleans.Site.Commands;

/// <summary><c>fed-node run</c>, until it is told to stop.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly NodeFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_node_that_is_told_to_stop_ends_in_order() => await RunAsync();

    [Fact]
    public async Task A_site_of_version_1_is_opened()
    {
        await RunAsync();
        Assert.Equal(SiteKeys.FileVersion, Execute("PRAGMA user_version"));
        Execute("PRAGMA user_version = 1");

        await RunAsync();

        Assert.Equal(SiteKeys.FileVersion, Execute("PRAGMA user_version"));
    }

    private int Execute(string text)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_files.Site, "site.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Runs the node until it is at work, and ends it.</summary>
    private async Task RunAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM there.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(NodeProgram.Patience);
        using var node = NodeProgram.Start("run", "--config", _files.Configuration);
        var ended = NodeProgram.EndAsync(node);
        var status = Path.Combine(_files.Site, "status.json");
        while (!File.Exists(status))
        {
            Assert.False(ended.IsCompleted, ended.IsCompleted ? (await ended).Error : null);
            await Task.Delay(100, deadline.Token);
        }

        using (var kill = Process.Start("kill", ["-TERM", $"{node.Id}"]))
        {
            await kill.WaitForExitAsync(deadline.Token);
        }

        var (exitCode, _, error) = await ended;
        Assert.Equal((0, ""), (exitCode, error));
        Assert.False(File.Exists(status));
    }
}
