using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Cli.Hospitals;
using FederatedOrleans.Cli.Models;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Cli.Provisioning;
using FederatedOrleans.Cli.Runs;
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
            DemoCommand.Create(context),
            DemoDataCommand.Create(context),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        }

        return root;
    }

    /// <summary>Carries out a command line.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args, CliContext context, CancellationToken cancellationToken = default)
    {
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
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

                // Closing the connection in good order takes a moment, ending a whole federation some more.
                ProcessTerminationTimeout = parsed.CommandResult.Command.Name == DemoCommand.Name
                    ? DemoCommand.TerminationTimeout
                    : TimeSpan.FromSeconds(5),
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

    private sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(ExitCodes.Help);
            return ExitCodes.Ok;
        }
    }
}
