using System.Text.Json;
using System.Text.Json.Serialization;
using FederatedOrleans.Site.Participants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Site.Hosting;

/// <summary>Keeps the status file fresh, for <c>fed-node status</c>. A disk that is full costs the status, not the node.</summary>
internal sealed partial class StatusWriter(
    string path, string hospital, SiteActivity activity, TimeProvider time, ILogger<StatusWriter> logger) : BackgroundService
{
    /// <summary>How the file is written and read.</summary>
    public static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await TryWriteAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            TryDelete();
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        var status = new SiteStatus
        {
            Hospital = hospital,
            ProcessId = Environment.ProcessId,
            WrittenAt = time.GetUtcNow(),
            Activity = activity.View,
        };
        try
        {
            await File.WriteAllBytesAsync(path + ".part", JsonSerializer.SerializeToUtf8Bytes(status, Format), cancellationToken);
            File.Move(path + ".part", path, overwrite: true);
            _isFailing = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_isFailing)
            {
                // Once: a log on the same full disk must not grow by it.
                LogNotWritten(logger, exception.Message);
            }

            _isFailing = true;
        }
    }

    private void TryDelete()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is stale in 10 s anyway.
        }
    }

    [LoggerMessage(2210, LogLevel.Warning, "The status file can't be written, and fed-node status will not answer until it can: {Fault}")]
    private static partial void LogNotWritten(ILogger logger, string fault);
}
