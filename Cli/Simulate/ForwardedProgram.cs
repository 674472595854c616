using System.ComponentModel;
using System.Diagnostics;
using FederatedOrleans.Cli.Processes;

namespace FederatedOrleans.Cli.Simulate;

/// <summary>Another program of the product in this one's place: it has the same terminal, and its exit code is this one's.</summary>
internal static class ForwardedProgram
{
    /// <summary>How long it may take to end once it was asked to; then it is killed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    /// <summary>Runs it to its end.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="project">Folder that a build leaves it in, beside this program's.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Asks it to end.</param>
    /// <exception cref="FederationException">It is not there.</exception>
    public static async Task<int> RunAsync(string program, string project, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(Find(program, project), arguments);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A terminal's Ctrl+C has reached it already; a signal to this process alone has not.
            await ProcessEnding.EndAsync(process, Patience);
        }

        return process.ExitCode;
    }

    private static string Find(string program, string project)
    {
        var file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        string[] places = [Path.Combine(folder.FullName, file), Path.Combine(folder.FullName, "..", "..", project, folder.Name, file)];
        return places.FirstOrDefault(File.Exists) ?? file;
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false }) ?? throw new FederationException($"{program} could not be started.");
        }
        catch (Win32Exception exception)
        {
            throw new FederationException($"{program} could not be started; it is neither beside fed nor on the PATH, or is no program for this machine: {exception.Message}", exception);
        }
    }
}
