using System.ComponentModel;
using System.Diagnostics;

namespace FederatedOrleans.Cli.Processes;

/// <summary>Ends processes that this one has started: asked first, then killed.</summary>
internal static class ProcessEnding
{
    /// <summary>Asks a process to end in good order, and kills it where it has not within a time, or cannot be asked.</summary>
    /// <param name="process">The process.</param>
    /// <param name="patience">How long it may take.</param>
    public static async Task EndAsync(Process process, TimeSpan patience)
    {
        if (process.HasExited)
        {
            return;
        }

        try
        {
            // Windows has no such signal; Ctrl+C has reached the process there.
            if (!OperatingSystem.IsWindows())
            {
                await SignalAsync(process, "TERM");
            }
        }
        catch (Win32Exception)
        {
            // There is no program to ask with.
            process.Kill(entireProcessTree: true);
        }

        using var waiting = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(waiting.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Sends a signal, as <c>KILL</c> or <c>STOP</c>. There is no managed call for it.</summary>
    /// <param name="process">The process.</param>
    /// <param name="signal">The signal.</param>
    /// <exception cref="Win32Exception">There is no program <c>kill</c>.</exception>
    public static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }
}
