using System.CommandLine;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Client;

namespace FederatedOrleans.Cli;

/// <summary>Runs the body of a command; what goes wrong becomes a sentence and an exit code, here and nowhere else.</summary>
internal static class CommandAction
{
    public static Command Does(this Command command, CliContext context, Func<ParseResult, CancellationToken, Task<int>> body)
    {
        command.SetAction((parsed, cancellationToken) => RunAsync(context, () => body(parsed, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (UsageException usage)
        {
            foreach (var fault in usage.Faults)
            {
                context.Output.Error(fault);
            }

            return ExitCodes.Usage;
        }
        catch (CentreUnreachableException unreachable)
        {
            context.Output.Error(unreachable.Message);
            return ExitCodes.Unreachable;
        }
        catch (OperationCanceledException)
        {
            context.Output.Error("Interrupted.");
            return ExitCodes.Interrupted;
        }
        catch (Exception failure) when (failure is FederationException or IOException or UnauthorizedAccessException)
        {
            context.Output.Error(failure.Message);
            return ExitCodes.Failed;
        }
    }
}
