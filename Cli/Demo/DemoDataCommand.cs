using System.CommandLine;
using FederatedOrleans.Cli.Output;

namespace FederatedOrleans.Cli.Demo;

/// <summary><c>fed demo-data</c>: the real records by the demo's own rule, for scripts of the project.</summary>
internal static class DemoDataCommand
{
    public static Command Create(CliContext context)
    {
        var downloads = new Argument<string>("FOLDER") { Description = "Where they are downloaded to if they are nowhere else." };
        var project = new Option<string>("--project") { Description = "The project's folder.", DefaultValueFactory = _ => "." };
        var command = new Command("demo-data", "Print the folder of the heart disease files, downloaded if need be.") { downloads, project };
        command.Hidden = true;
        return command.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                var (data, missing) = await DemoData.FindRealAsync(
                    asked: null, context, parsed.GetRequiredValue(project), Path.GetFullPath(parsed.GetRequiredValue(downloads)), cancellationToken);
                context.Output.Raw(data?.Folder ?? throw new FederationException($"The heart disease files are nowhere: {missing}."));
                return ExitCodes.Ok;
            });
    }
}
