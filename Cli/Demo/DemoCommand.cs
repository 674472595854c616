using System.CommandLine;
using System.Text.Json;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Cli.Runs;

namespace FederatedOrleans.Cli.Demo;

/// <summary><c>fed demo</c>: a whole federation on this machine, from the authority's key to the committed model.</summary>
internal static class DemoCommand
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "demo";

    /// <summary>How long it may take to end after a signal, so that no process and no folder of it is left.</summary>
    public static readonly TimeSpan TerminationTimeout = LocalFederation.LongestTeardown + TimeSpan.FromSeconds(15);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(CliContext context)
    {
        // demo.sh gives the first three; --order is for tests of what the order must not change.
        var project = new Option<string>("--project") { Description = "The project's folder.", DefaultValueFactory = _ => ".", Hidden = true };
        var silo = new Option<string>("--silo") { Description = "The program fed-silo.", Required = true, Hidden = true };
        var node = new Option<string>("--node") { Description = "The program fed-node.", Required = true, Hidden = true };
        var plan = new Option<string?>("--plan") { Description = "The plan; samples/plans/fed-heart-disease.json where absent.", HelpName = "FILE" };
        var dataset = new Option<string?>("--dataset")
        {
            Description = "The description of the hospitals' dataset; samples/datasets/heart-disease.json where absent.", HelpName = "FILE",
        };
        var rounds = new Option<int?>("--rounds") { Description = "Rounds instead of the plan's.", HelpName = "N" };
        var data = new Option<string?>("--data")
        {
            Description = "Folder of the four files processed.<hospital>.data; found, downloaded or made up where absent.", HelpName = "FOLDER",
        };
        var folder = new Option<string?>("--folder")
        {
            Description = "New folder for the federation, kept; a temporary one where absent.", HelpName = "FOLDER",
        };
        var json = new Option<string?>("--json") { Description = "Write the result to this file.", HelpName = "FILE" };
        var model = new Option<string?>("--model") { Description = "Export the final model to this file.", HelpName = "FILE" };
        var keep = new Option<bool>("--keep") { Description = "Leave everything running until Ctrl+C, and print a one-time login link." };
        var order = new Option<string?>("--order")
        {
            Description = "Order in which the hospitals start, separated by commas.", HelpName = "IDS", Hidden = true,
        };
        return new Command(Name, "Run a whole federation on this machine: one Silo, four hospitals, a committed model.")
        {
            project, silo, node, plan, dataset, rounds, data, folder, json, model, keep, order,
        }.Does(context, (parsed, cancellationToken) =>
        {
            var root = Path.GetFullPath(parsed.GetRequiredValue(project));
            return RunAsync(
                context,
                root,
                new DemoOptions
                {
                    Plan = parsed.GetValue(plan) ?? Path.Combine(root, "samples", "plans", "fed-heart-disease.json"),
                    Dataset = parsed.GetValue(dataset) ?? Path.Combine(root, "samples", "datasets", "heart-disease.json"),
                    Silo = parsed.GetRequiredValue(silo),
                    Node = parsed.GetRequiredValue(node),
                    IsReference = parsed.GetValue(plan) is null && parsed.GetValue(dataset) is null && parsed.GetValue(rounds) is null,
                    Rounds = parsed.GetValue(rounds),
                    Data = parsed.GetValue(data),
                    Folder = parsed.GetValue(folder),
                    Json = parsed.GetValue(json),
                    Model = parsed.GetValue(model),
                    Keep = parsed.GetValue(keep),
                    Hospitals = (parsed.GetValue(order) ?? "cleveland,hungarian,switzerland,va").Split(','),
                },
                cancellationToken);
        });
    }

    private static async Task<int> RunAsync(CliContext context, string project, DemoOptions options, CancellationToken cancellationToken)
    {
        var root = MakeFolder(options.Folder);
        try
        {
            CheckOutputs(options.Json, options.Model);
            var data = await DemoData.FindAsync(
                options.Data, context, project, Path.Combine(root, "downloaded"), cancellationToken);
            context.Output.Line($"Data: {data.Origin}");
            context.Output.Line($"Folder: {root}{(options.Folder is null && !options.Keep ? " (removed at the end)" : "")}");
            var plan = WritePlan(context, options, root);
            await using var federation = await DemoFederation.StartAsync(context, options, data, root, plan, cancellationToken);
            context.Output.Line($"Pages: {federation.Web} (login required), Orleans Dashboard: {new Uri(federation.Web, "/dashboard/")}");
            return await federation.WhileAllRunAsync(
                async working =>
                {
                    var exitCode = await TrainAsync(context, options, federation, plan, data, working);
                    if (options.Keep)
                    {
                        await KeepAsync(context, federation, plan, working);
                    }

                    return exitCode;
                },
                context.Output.Error,
                cancellationToken) ?? ExitCodes.Failed;
        }
        finally
        {
            if (options.Folder is null && !options.Keep)
            {
                Directory.Delete(root, recursive: true);
            }
        }
    }

    private static async Task<int> TrainAsync(
        CliContext context, DemoOptions options, LocalFederation federation, string plan, DemoData data, CancellationToken cancellationToken)
    {
        await using var client = await federation.ConnectAsync(cancellationToken);
        var submitted = await client.SubmitAsync(await File.ReadAllBytesAsync(plan, cancellationToken), cancellationToken);
        var run = submitted.Run ?? throw new FederationException(string.Join('\n', submitted.Faults));
        context.Output.Line($"Run: {run}");
        var exitCode = await new RunWatcher(context, client) { IsRunsEnd = true }.WatchAsync(run, json: false, cancellationToken);
        var view = await client.RunAsync(run, cancellationToken) ?? throw new FederationException($"The run {run} is gone.");
        var versions = await client.VersionsAsync(run, cancellationToken);
        DemoReport.Table(
            context, versions, options.IsReference && data.IsPublished && view.Summary.PlanName == PublishedResults.PlanName);
        if (!versions.IsEmpty)
        {
            context.Output.Line($"Final model: version {versions[^1].Manifest.Round}, {versions[^1].Manifest.ModelAfter}");
        }

        if (options.Json is not null)
        {
            await File.WriteAllTextAsync(
                options.Json, DemoReport.Json(view, versions, data.Origin).ToJsonString(Indented), cancellationToken);
        }

        if (options.Model is not null)
        {
            string[] export = ["model", "export", run, "--out", options.Model, "--force", "--connection", federation.Connection];
            exitCode = Math.Max(exitCode, await FedCommand.RunAsync(FedCommand.Create(context), export, context, cancellationToken));
        }

        return exitCode;
    }

    private static async Task KeepAsync(
        CliContext context, LocalFederation federation, string plan, CancellationToken cancellationToken)
    {
        context.Output.Line($"Everything stays up until Ctrl+C. For 'fed' in another terminal: export FED_CONNECTION={federation.Connection}");
        context.Output.Line($"The hospitals have approved this plan, byte for byte: {plan}");
        context.Output.Line("One-time login link:");
        string[] link = ["login-link", "--key", federation.Tokens, "--subject", "demo", "--connection", federation.Connection];
        await FedCommand.RunAsync(FedCommand.Create(context), link, context, cancellationToken);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            context.Output.Line("Stopping.");
        }
    }

    /// <summary>A file that can't be written is said now, not after all rounds.</summary>
    private static void CheckOutputs(params ReadOnlySpan<string?> files)
    {
        foreach (var file in files)
        {
            if (file is not null && (Directory.Exists(file) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))))
            {
                throw new UsageException($"The result can't be written to {Path.GetFullPath(file)}: name a file in a folder that is there.");
            }
        }
    }

    private static string MakeFolder(string? asked)
    {
        if (asked is null)
        {
            return Directory.CreateTempSubdirectory("fed-demo-").FullName;
        }

        var full = Path.GetFullPath(asked);
        return Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()
            ? throw new FederationException($"{full} is not empty: name a new folder.")
            : Directory.CreateDirectory(full).FullName;
    }

    private static string WritePlan(CliContext context, DemoOptions options, string root)
    {
        if (!File.Exists(options.Plan))
        {
            throw new UsageException($"There is no plan {options.Plan}.");
        }

        var bytes = File.ReadAllBytes(options.Plan);
        if (options.Rounds is { } rounds && context.ReadPlan(bytes).Plan is not null)
        {
            bytes = PlanRounds.Replace(bytes, rounds, Indented);
        }

        var (plan, faults) = context.ReadPlan(bytes);
        if (plan is null)
        {
            throw new FederationException(string.Join('\n', faults));
        }

        var path = Path.Combine(root, "plan.json");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
