using System.Text.Json;
using FederatedOrleans.Site.Hosting;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;

namespace FederatedOrleans.Site.Commands;

/// <summary><c>fed-node status</c>: what the status file says while it is fresh.</summary>
public sealed class StatusCommandTests : IDisposable
{
    private readonly NodeFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_node_at_work_tells_its_work_and_its_newest_fault()
    {
        // Its time lies ahead, so that it is fresh however long the process takes to start.
        var status = Write(TimeProvider.System.GetUtcNow() + NodeProgram.Patience);

        var (exitCode, output, _) = await RunAsync();
        Assert.Equal(0, exitCode);
        Assert.Contains("hospital  north, process 7", output, StringComparison.Ordinal);
        Assert.Contains("centre    connected", output, StringComparison.Ordinal);
        Assert.Contains("work      Train: run round 1 attempt 1, step 3 of 5", output, StringComparison.Ordinal);
        Assert.Contains("step 3 of 5, uploading 31.0 of 100.0 MB", output, StringComparison.Ordinal);
        Assert.Contains("paused    the machine runs on its battery", output, StringComparison.Ordinal);
        Assert.Contains("fault     No space left on device", output, StringComparison.Ordinal);

        var (asJson, json, _) = await RunAsync("--json");
        Assert.Equal(0, asJson);
        Assert.Equal(status, JsonSerializer.Deserialize<SiteStatus>(json, StatusWriter.Format));
    }

    [Fact]
    public async Task A_node_that_is_not_connected_tells_why()
    {
        Write(TimeProvider.System.GetUtcNow() + NodeProgram.Patience, activity => activity.Disconnected("the centre does not admit this hospital's key"));

        var (exitCode, output, _) = await RunAsync();
        Assert.Equal(0, exitCode);
        Assert.Contains("centre    not connected", output, StringComparison.Ordinal);
        Assert.Contains("          the centre does not admit this hospital's key", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_that_is_old_or_missing_is_a_node_that_does_not_run()
    {
        Assert.Equal(1, (await RunAsync()).ExitCode);
        Write(TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(11));

        var (exitCode, _, error) = await RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("The node is not running", error, StringComparison.Ordinal);
    }

    private SiteStatus Write(DateTimeOffset writtenAt, Action<SiteActivity>? change = null)
    {
        var activity = new SiteActivity();
        activity.Connected(writtenAt);
        activity.Begins(new(new("run", 1, 1), 1, SiteStage.Train, default, default, writtenAt));
        activity.Steps(3, 5);
        activity.Progressed(new(SiteWork.Uploading, 3, 5, 31_000_000, 100_000_000));
        activity.Paused("the machine runs on its battery");
        activity.Failed("No space left on device", writtenAt);
        change?.Invoke(activity);
        var status = new SiteStatus { Hospital = "north", ProcessId = 7, WrittenAt = writtenAt, Activity = activity.View };
        Directory.CreateDirectory(_files.Site);
        File.WriteAllBytes(Path.Combine(_files.Site, "status.json"), JsonSerializer.SerializeToUtf8Bytes(status, StatusWriter.Format));
        return status;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        NodeProgram.RunAsync(["status", "--config", _files.Configuration, .. arguments]);
}
