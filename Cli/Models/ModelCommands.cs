using System.CommandLine;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Models;

namespace FederatedOrleans.Cli.Models;

/// <summary><c>fed model</c>: takes committed models home.</summary>
internal static class ModelCommands
{
    public static Command Create(CliContext context, CentreOption centre) => new("model", "Take committed models home.")
    {
        Export(context, centre),
    };

    private static Command Export(CliContext context, CentreOption centre)
    {
        var run = CommonOptions.Id("RUN", "The run's id.");
        var version = new Option<int?>("--version") { Description = "The version (round); the latest where absent.", HelpName = "N" };
        var file = new Option<string>("--out", "-o") { Description = "The JSON file to write.", HelpName = "FILE", Required = true };
        var force = new Option<bool>("--force") { Description = "Overwrite the file." };
        var json = CommonOptions.Json();
        return new Command("export", "Write a committed model with its lineage as JSON.") { run, version, file, force, json }.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                var (path, overwrite) = (parsed.GetRequiredValue(file), parsed.GetValue(force));
                AtomicFile.Check(path, overwrite);
                await using var client = await centre.ConnectAsync(parsed, cancellationToken);
                var model = await client.DownloadModelAsync(parsed.GetRequiredValue(run), parsed.GetValue(version), cancellationToken);
                var (plan, faults) = context.ReadPlan(model.Description.Plan);
                if (plan is null)
                {
                    throw new FederationException($"This version of fed can't read the model's plan: {string.Join("; ", faults)}");
                }

                AtomicFile.Write(path, ModelExport.ToJson(plan, model), overwrite);
                context.Output.Done(
                    parsed.GetValue(json),
                    new { Run = parsed.GetRequiredValue(run), model.Description.Version, Model = model.Description.Digest.Hex, File = path },
                    $"version {model.Description.Version}, model {model.Description.Digest.Short}: {path}");
                return ExitCodes.Ok;
            });
    }
}
