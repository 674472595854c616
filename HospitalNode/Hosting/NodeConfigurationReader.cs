using System.Collections.Immutable;
using System.Text.Json;
using FederatedOrleans.Json;
using FederatedOrleans.Plans;
using FederatedOrleans.Site.Availability;

namespace FederatedOrleans.Site.Hosting;

/// <summary>Reads a node's configuration file with every fault at once. Paths are relative to the file's folder.</summary>
internal static class NodeConfigurationReader
{
    private const int MaximumBytes = 256 * 1024;
    private const int HighestPort = 65535;
    private const long LeastBytesPerSecond = 16 * 1024;
    private const long MostBytesPerSecond = 1L << 40;

    /// <summary>Reads the file.</summary>
    /// <exception cref="NodeConfigurationException">Anything is wrong with it.</exception>
    public static NodeConfiguration ReadFile(string path)
    {
        var (configuration, faults) = TryReadFile(path);
        return faults.Length == 0 ? configuration! : throw new NodeConfigurationException(faults.AsSpan());
    }

    /// <summary>Reads the file as far as it can be read: what a faulty file names can still be checked.</summary>
    /// <returns>What it says, with an empty text for what is missing, or nothing where it is no JSON object; and every fault.</returns>
    public static (NodeConfiguration? Configuration, ImmutableArray<string> Faults) TryReadFile(string path)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, [$"The configuration {path} can't be read: {exception.Message}"]);
        }

        var faults = new List<PlanFault>();
        using var document = JsonInput.Parse(json, MaximumBytes, faults);
        var configuration = document is not null && JsonObjectReader.Of(document.RootElement, "$", faults) is { } root
            ? Read(root, Path.GetDirectoryName(Path.GetFullPath(path))!, faults)
            : null;
        return (configuration, [.. faults.Select(fault => $"{Path.GetFileName(path)}: {fault}")]);
    }

    private static NodeConfiguration Read(JsonObjectReader root, string folder, ICollection<PlanFault> faults)
    {
        root.Whole("version", 1, 1, required: true);
        string? Resolve(string? relative) => relative is null ? null : Path.GetFullPath(relative, folder);
        var configuration = new NodeConfiguration
        {
            Kit = Resolve(root.Text("kit", required: true)) ?? "",
            Site = Resolve(root.Text("site", required: true)) ?? "",
            Data = Resolve(root.Text("data")),
            Approvals = Resolve(root.Text("approvals") ?? "approvals")!,
            Datasets = [.. (root.Texts("datasets", required: true) ?? []).Select(file => Path.GetFullPath(file, folder))],
            Trainers = [.. (root.Texts("trainers") ?? []).Select(trainers => Path.GetFullPath(trainers, folder))],
            SiloPort = root.WholeInt32("siloPort", 1, HighestPort) ?? NodeConfiguration.DefaultSiloPort,
            PollInterval = root.Duration("pollInterval", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)) ?? TimeSpan.FromSeconds(15),
            Availability = AvailabilityReader.Read(root, faults),
            LinkBytesPerSecond = BytesPerSecond(root),
        };
        if (configuration.Datasets.IsEmpty && root.Has("datasets"))
        {
            root.Fault("datasets", "name at least one file that describes a dataset");
        }

        root.Finish();
        return configuration;
    }

    private static long? BytesPerSecond(JsonObjectReader root)
    {
        var link = root.Object("link");
        var most = link?.Whole("maxBytesPerSecond", LeastBytesPerSecond, MostBytesPerSecond);
        link?.Finish();
        return most;
    }
}
