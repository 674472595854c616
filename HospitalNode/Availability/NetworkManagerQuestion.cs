using System.ComponentModel;
using System.Diagnostics;

namespace FederatedOrleans.Site.Availability;

/// <summary>Asks NetworkManager by its own command which devices are metered.</summary>
internal sealed class NetworkManagerQuestion(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>What it says, or null where it is not there, fails, or takes longer than 2 s.</summary>
    public async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("nmcli", ["-t", "-f", "GENERAL.METERED", "device", "show"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        using var timeout = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var isStarted = false;
        try
        {
            isStarted = process.Start();
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            await errors;
            return process.ExitCode == 0 ? await output : null;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
        finally
        {
            if (isStarted && !process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
