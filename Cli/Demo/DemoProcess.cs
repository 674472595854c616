using System.ComponentModel;
using System.Diagnostics;
using FederatedOrleans.Cli.Processes;

namespace FederatedOrleans.Cli.Demo;

/// <summary>A process that the demo started; ended by its own id, asked first.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    /// <summary>How long it may take to stop in good order; then it is killed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // A killed process's output ends with it, unless a child of it holds the pipe.
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly Task _copying;

    private DemoProcess(string name, Process process, Task copying) => (Name, _process, _copying) = (name, process, copying);

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it ended with.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a process that runs until it is disposed of; what it prints goes to a file.</summary>
    public static DemoProcess Start(
        string name, string program, IEnumerable<string> arguments, string outputFile, IReadOnlyDictionary<string, string> environment)
    {
        var process = Launch(program, arguments, environment);
        return new(name, process, CopyAsync(process, outputFile));
    }

    /// <summary>Runs a process to its end.</summary>
    /// <exception cref="FederationException">It failed; its sentences are in the message.</exception>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Launch(program, arguments, new Dictionary<string, string>(StringComparer.Ordinal));
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody else knows of it.
            process.Kill(entireProcessTree: true);
            throw;
        }

        await output;
        if (process.ExitCode != 0)
        {
            throw new FederationException((await error).Trim());
        }
    }

    /// <summary>Waits until it has ended, for whatever reason.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Sends a signal, as <c>KILL</c> or <c>STOP</c>.</summary>
    public Task SignalAsync(string signal) => ProcessEnding.SignalAsync(_process, signal);

    public async ValueTask DisposeAsync()
    {
        await ProcessEnding.EndAsync(_process, Patience);
        await _copying.WaitAsync(OutputPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }

    private static Process Launch(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        try
        {
            var process = Process.Start(start) ?? throw new FederationException($"{program} could not be started.");
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception exception)
        {
            throw new FederationException($"{program} could not be started: {exception.Message}", exception);
        }
    }

    private static async Task CopyAsync(Process process, string path)
    {
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        var gate = new SemaphoreSlim(1, 1);
        async Task CopyLinesAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                await gate.WaitAsync();
                await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
                await file.FlushAsync();
                gate.Release();
            }
        }

        await Task.WhenAll(CopyLinesAsync(process.StandardOutput), CopyLinesAsync(process.StandardError));
        gate.Dispose();
    }
}
