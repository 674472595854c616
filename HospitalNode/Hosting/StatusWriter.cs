using System.Text.Json;
using System.Text.Json.Serialization;
using FederatedOrleans.Site.Participants;
using Microsoft.Extensions.Hosting;

namespace FederatedOrleans.Site.Hosting;

/// <summary>Keeps the status file fresh, for <c>fed-node status</c>.</summary>
internal sealed class StatusWriter(string path, string hospital, SiteActivity activity, TimeProvider time) : BackgroundService
{
    /// <summary>How the file is written and read.</summary>
    public static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                var status = new SiteStatus
                {
                    Hospital = hospital,
                    ProcessId = Environment.ProcessId,
                    WrittenAt = time.GetUtcNow(),
                    Activity = activity.View,
                };
                await File.WriteAllBytesAsync(path + ".part", JsonSerializer.SerializeToUtf8Bytes(status, Format), stoppingToken);
                File.Move(path + ".part", path, overwrite: true);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            File.Delete(path);
        }
    }
}
