using System.CommandLine;
using System.CommandLine.Invocation;
using FederatedOrleans.HospitalNode.Enrolment;

namespace FederatedOrleans.Site.Commands;

/// <summary>The command line of the node, from its arguments to its exit code.</summary>
internal static class NodeCommandLine
{
    // The default of 2 s would cut an orderly stop short: Orleans stores what is under way, and a training ends at its next step.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    /// <summary>Runs a command until it ends, or the node until it is told to stop: 0, 1 where the work failed, 2 where the command line was wrong.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="time">The clock of a node that runs; the system's by default.</param>
    public static async Task<int> RunAsync(string[] arguments, TimeProvider? time = null)
    {
        var root = new RootCommand("The hospital's node: trains on local data, sends only updates.")
        {
            EnrollCommand.Create(),
            InstallCommand.Create(TimeProvider.System),
            RunCommand.Create(time ?? TimeProvider.System),
            CheckCommand.Create(),
            StatusCommand.Create(),
            ApproveCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = LongestStop });
        return parsed.Action is ParseErrorAction ? ExitCodes.Usage : exitCode;
    }
}
