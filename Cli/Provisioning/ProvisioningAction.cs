using System.CommandLine;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Cli.Provisioning;

/// <summary>Runs a provisioning command: faults become lines on the error output, and the exit code tells.</summary>
internal static class ProvisioningAction
{
    private const int Done = 0;
    private const int Refused = 1;

    /// <summary>Sets a command's action.</summary>
    /// <param name="command">The command.</param>
    /// <param name="action">Does the work and says on the given output what it did and what to do next.</param>
    public static Command Does(this Command command, Action<ParseResult, TextWriter> action)
    {
        command.SetAction(parsed =>
        {
            try
            {
                action(parsed, parsed.InvocationConfiguration.Output);
                return Done;
            }
            catch (EnrolmentException refused)
            {
                foreach (var fault in refused.Faults)
                {
                    parsed.InvocationConfiguration.Error.WriteLine(fault);
                }

                return Refused;
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // Files that were named on the command line: missing, closed to us, or an empty name.
                parsed.InvocationConfiguration.Error.WriteLine(failed.Message);
                return Refused;
            }
        });
        return command;
    }
}
