using System.Collections.Concurrent;
using System.CommandLine;
using FederatedOrleans.Data;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Site.Hosting;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;

namespace FederatedOrleans.Site.Commands;

/// <summary><c>fed-node check</c>: configuration, certificate, data, folder, port and link; everything that is wrong in one go.</summary>
internal static class CheckCommand
{
    private static readonly TimeSpan LinkDeadline = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var configuration = NodeOptions.Configuration();
        var offline = new Option<bool>("--offline") { Description = "Do not call the centre." };
        var command = new Command("check", "Check configuration, certificate, data, folder, port and link, and tell everything that is wrong.")
        {
            configuration,
            offline,
        };
        command.SetAction((parsed, cancellationToken) => NodeOptions.GuardAsync(() => CheckAsync(
            parsed.GetRequiredValue(configuration).FullName, parsed.GetValue(offline), cancellationToken)));
        return command;
    }

    private static async Task<int> CheckAsync(string path, bool offline, CancellationToken cancellationToken)
    {
        Func<NodeConfiguration, LinkKit, Task<IEnumerable<string>>>? link =
            offline ? null : (configuration, kit) => LinkFaultsAsync(configuration, kit, cancellationToken);
        using var parts = await NodeParts.LoadAsync(path, TimeProvider.System, cancellationToken, alsoData: true, link);
        var faults = new List<string>();
        var identity = parts.Kit.Identity;
        Console.WriteLine($"certificate  {identity.Name}, valid until {identity.NotAfter:yyyy-MM-dd}");
        foreach (var name in parts.Datasets.Names)
        {
            try
            {
                var dataset = await parts.Datasets.LoadAsync(name, cancellationToken);
                Console.WriteLine(
                    $"dataset      {name}: {dataset.TrainRows.Length} training rows, {dataset.TestRows.Length} test rows, schema {dataset.Schema.Digest.Short}");
            }
            catch (DatasetException exception)
            {
                faults.AddRange(exception.Faults);
            }
        }

        Console.WriteLine($"trainers     {string.Join(", ", parts.Trainers.Kinds)}");
        faults.AddRange(NodePlaces.Faults(parts.Configuration, identity.Name));
        if (link is not null)
        {
            faults.AddRange(await link(parts.Configuration, parts.Kit));
        }

        return faults.Count > 0 ? NodeOptions.Fail(faults) : ExitCodes.Ok;
    }

    private static async Task<IEnumerable<string>> LinkFaultsAsync(NodeConfiguration configuration, LinkKit kit, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var address in kit.Addresses)
        {
            await CheckLinkAsync(configuration, kit, address, faults, cancellationToken);
        }

        return faults;
    }

    private static async Task CheckLinkAsync(
        NodeConfiguration configuration, LinkKit kit, Uri address, List<string> faults, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(LinkDeadline);
        var refusals = new ConcurrentQueue<string>();
        using var link = new GrpcHospitalLink(
            address, () => NodeParts.CreateHandler(configuration, kit, TimeProvider.System, verdict => refusals.Enqueue(verdict.Reason)), TimeProvider.System);
        try
        {
            await link.NextAsync(deadline.Token);
            Console.WriteLine($"link         {address} answers, and this hospital is enrolled");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            faults.Add(exception is Grpc.Core.RpcException { StatusCode: Grpc.Core.StatusCode.PermissionDenied }
                ? $"The centre at {address} does not admit this hospital's key. Ask the operator whether it is enrolled, or revoked."
                : $"The centre at {address} could not be reached: {LinkFault.Describe(exception)}.");
            faults.AddRange(refusals.Distinct(StringComparer.Ordinal));
        }
    }
}
