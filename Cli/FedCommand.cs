using System.CommandLine;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Cli.Hospitals;
using FederatedOrleans.Cli.Models;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Cli.Provisioning;
using FederatedOrleans.Cli.Runs;
using FederatedOrleans.Cli.Simulate;
using FederatedOrleans.Cli.Tokens;

namespace FederatedOrleans.Cli;

/// <summary>The command <c>fed</c>.</summary>
internal static class FedCommand
{
    /// <summary>All commands of researchers and operators.</summary>
    public static RootCommand Create(CliContext context)
    {
        var connection = new CentreOption(context);
        var root = new RootCommand("Federated learning over hospitals: runs, models, hospitals and tokens.")
        {
            connection.Option,
            RunCommands.Create(context, connection),
            RunCommands.CreateRound(context, connection),
            ModelCommands.Create(context, connection),
            HospitalCommands.Create(context, connection),
            TokenCommands.Create(context, connection),
            LoginLinkCommand.Create(context, connection),
            CaCommand.Create(TimeProvider.System),
            SiloKitCommand.Create(TimeProvider.System),
            SimulateCommand.Create(context),
            DemoCommand.Create(context),
            DemoDataCommand.Create(context),
        };
        HelpWithExitCodes.Install(root);
        return root;
    }

    /// <summary>Carries out a command line.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args, CliContext context, CancellationToken cancellationToken = default)
    {
        var parsed = root.Parse(SimulateCommand.Forwarded(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExitCodes)
        {
            foreach (var error in parsed.Errors)
            {
                context.Output.Error(error.Message);
            }

            context.Output.Error($"See '{Path(parsed)} --help'.");
            return ExitCodes.Usage;
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = context.Out,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,

                // Closing the connection in good order takes a moment, ending a whole federation or a simulation some more.
                ProcessTerminationTimeout = parsed.CommandResult.Command.Name switch
                {
                    DemoCommand.Name => DemoCommand.TerminationTimeout,
                    SimulateCommand.Name => SimulateCommand.TerminationTimeout,
                    _ => TimeSpan.FromSeconds(5),
                },
            },
            cancellationToken);
    }

    private static string Path(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
        {
            if (result is System.CommandLine.Parsing.CommandResult command)
            {
                names.Push(command.Command is RootCommand ? "fed" : command.Command.Name);
            }
        }

        return string.Join(' ', names);
    }
}
