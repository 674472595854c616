using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FederatedOrleans.Site.Hosting;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Commands;

/// <summary><c>fed-node status</c>: what the node is doing now.</summary>
internal static class StatusCommand
{
    private const double Mega = 1e6;
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var configuration = NodeOptions.Configuration();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("status", "Tell what the node is doing now.") { configuration, json };
        command.SetAction((parsed, _) => NodeOptions.GuardAsync(() =>
            Task.FromResult(Tell(parsed.GetRequiredValue(configuration).FullName, parsed.GetValue(json)))));
        return command;
    }

    private static int Tell(string path, bool asJson)
    {
        var configuration = NodeConfigurationReader.ReadFile(path);
        var status = Read(configuration.StatusFile);
        if (status is null || TimeProvider.System.GetUtcNow() - status.WrittenAt > Stale)
        {
            return NodeOptions.Fail(["The node is not running (or does not answer). Start it with: fed-node run --config " + path]);
        }

        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(status, StatusWriter.Format));
            return ExitCodes.Ok;
        }

        var activity = status.Activity;
        Console.WriteLine($"hospital  {status.Hospital}, process {status.ProcessId}");
        Console.WriteLine($"centre    {(activity.IsConnected ? "connected" : "not connected")}, last answer {activity.LastContact?.ToString("u") ?? "never"}");
        if (activity.DisconnectedBecause is not null)
        {
            Console.WriteLine($"          {activity.DisconnectedBecause}");
        }

        Console.WriteLine(activity.Work is null
            ? "work      none"
            : $"work      {activity.Stage}: {activity.Work}, step {activity.StepsDone} of {activity.StepsTotal}{Transfer(activity.Progress)}");
        if (activity.PausedBecause is not null)
        {
            Console.WriteLine($"paused    {activity.PausedBecause}");
        }

        if (activity.LastFault is not null)
        {
            Console.WriteLine($"fault     {activity.LastFault} ({activity.LastFaultAt:u})");
        }

        return ExitCodes.Ok;
    }

    private static string Transfer(SiteProgress? progress) => progress is { Work: SiteWork.Downloading or SiteWork.Uploading }
        ? string.Create(
            CultureInfo.InvariantCulture,
            $", {progress.Work.ToString().ToLowerInvariant()} {progress.BytesDone / Mega:0.0} of {progress.BytesTotal / Mega:0.0} MB")
        : "";

    private static SiteStatus? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<SiteStatus>(File.ReadAllBytes(path), StatusWriter.Format);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }
}
