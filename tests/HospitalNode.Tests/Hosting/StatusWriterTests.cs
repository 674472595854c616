using System.Text.Json;
using FederatedOrleans.Site.Participants;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FederatedOrleans.Site.Hosting;

/// <summary>A status that can't be written costs the status, not the node.</summary>
public sealed class StatusWriterTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly TestFiles _files = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CountingLogger _logger = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_write_that_fails_is_logged_once_and_the_next_one_is_made()
    {
        // Writing into a folder that is not there fails as on a full disk, with an IOException.
        var folder = Path.Combine(_files.Folder, "site");
        var path = Path.Combine(folder, "status.json");
        using var writer = new StatusWriter(path, "north", new SiteActivity(), _time, _logger);
        await writer.StartAsync(Token);
        await AdvanceUntilAsync(() => _logger.Warnings == 1);
        for (var failure = 0; failure < 3; failure++)
        {
            _time.Advance(Interval);
        }

        Assert.False(writer.ExecuteTask!.IsCompleted);
        Directory.CreateDirectory(folder);
        await AdvanceUntilAsync(() => File.Exists(path));

        Assert.Equal(1, _logger.Warnings);
        await using (var file = File.OpenRead(path))
        {
            Assert.Equal("north", (await JsonSerializer.DeserializeAsync<SiteStatus>(file, StatusWriter.Format, Token))!.Hospital);
        }

        await writer.StopAsync(Token);
        Assert.True(writer.ExecuteTask.IsCompletedSuccessfully);
        Assert.False(File.Exists(path));
    }

    private async Task AdvanceUntilAsync(Func<bool> isSo)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        while (!isSo())
        {
            await Task.Delay(10, deadline.Token);
            _time.Advance(Interval);
        }
    }

    private sealed class CountingLogger : ILogger<StatusWriter>
    {
        private int _warnings;

        public int Warnings => Volatile.Read(ref _warnings);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                Interlocked.Increment(ref _warnings);
            }
        }
    }
}
