using System.CommandLine;
using FederatedOrleans.Cli.Output;

namespace FederatedOrleans.Cli.Simulate;

/// <summary><c>fed simulate</c>: hands its arguments to the program <c>fed-simulate</c>, for what reads records is no part of this one.</summary>
internal static class SimulateCommand
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "simulate";

    /// <summary>How long it may take to end after a signal: the program writes what it has.</summary>
    public static readonly TimeSpan TerminationTimeout = ForwardedProgram.Patience + TimeSpan.FromSeconds(15);

    /// <summary>The command.</summary>
    public static Command Create(CliContext context)
    {
        var arguments = new Argument<string[]>("ARGUMENTS") { Description = "As 'fed simulate --help' tells.", Arity = ArgumentArity.ZeroOrMore };
        return new Command(Name, "Simulate a federation in one process, with rows dealt out to made-up hospitals.") { arguments }
            .Does(context, (parsed, cancellationToken) => ForwardedProgram.RunAsync("fed-simulate", "FederatedOrleans.Simulation", parsed.GetValue(arguments) ?? [], cancellationToken));
    }

    /// <summary>The command line on which everything after the command's name is an argument of the program, options too.</summary>
    public static string[] Forwarded(string[] arguments) => arguments is [Name, .. var rest] ? [Name, "--", .. rest] : arguments;
}
