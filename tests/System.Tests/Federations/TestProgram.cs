using System.Diagnostics;

namespace FederatedOrleans.Federations;

/// <summary>A program run to its end, or to a deadline at which it is killed by its id.</summary>
internal static class TestProgram
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Task<ProgramResult> RunAsync(string program, params string[] arguments) => RunAsync(program, "", arguments);

    public static Task<ProgramResult> RunAsync(string program, string input, string[] arguments) =>
        RunAsync(new(program, arguments), Deadline, input);

    /// <summary>Runs a program in a folder or an environment of its own.</summary>
    public static async Task<ProgramResult> RunAsync(ProcessStartInfo start, TimeSpan patience, string input = "")
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await WriteAsync(process, input);
            await process.WaitForExitAsync(deadline.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {patience.TotalSeconds:0} s.", exception);
        }
    }

    private static async Task WriteAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }
    }
}
