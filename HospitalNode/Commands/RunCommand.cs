using System.CommandLine;
using FederatedOrleans.Site.Hosting;
using FederatedOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FederatedOrleans.Site.Commands;

/// <summary><c>fed-node run</c>: the hospital at work until it is told to stop.</summary>
internal static class RunCommand
{
    private const int LeastThreads = 8;

    public static Command Create(TimeProvider time)
    {
        var configuration = NodeOptions.Configuration();
        var command = new Command("run", "Run the node until it is told to stop (Ctrl+C, SIGTERM).") { configuration };
        command.SetAction((parsed, cancellationToken) => NodeOptions.GuardAsync(() =>
            RunAsync(parsed.GetRequiredValue(configuration).FullName, time, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        using var parts = await NodeParts.LoadAsync(path, time, cancellationToken);
        using var folder = DataFolder.Open(parts.Configuration.Site, NodePlaces.OwnerOf(parts.Kit.Identity.Name));
        if (NodePlaces.PortFaults(parts.Configuration).ToArray() is { Length: > 0 } taken)
        {
            throw new NodeConfigurationException(taken);
        }

        DiskThreads.Provide(LeastThreads);
        using var host = NodeHost.Build(parts, folder, time);
        var site = host.Services.GetRequiredService<SiteService>();
        await host.RunAsync(cancellationToken);

        // Not 0: whoever supervises the node is to start it again.
        return site.Failure is { } kind
            ? NodeOptions.Fail([$"The node has ended because its work could not go on ({kind}); node.log tells more. Start it again."])
            : ExitCodes.Ok;
    }
}
