using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using FederatedOrleans.Client;
using FederatedOrleans.Connections;

namespace FederatedOrleans.Federations;

/// <summary>The demo in a process of its own, started as people start it; whatever it leaves behind is ended with it, by id.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-demo-");
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _printed = new();
    private readonly Process _process;

    private DemoRun(Func<DemoRun, ProcessStartInfo> start)
    {
        Directory.CreateDirectory(Temporary);
        var info = start(this);
        info.UseShellExecute = false;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        info.Environment["TMPDIR"] = Temporary;
        _process = new() { StartInfo = info, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, printed) => Take(printed.Data);
        _process.ErrorDataReceived += (_, printed) => Take(printed.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where a demo without <c>--folder</c> makes its own.</summary>
    public string Temporary => In("temporary");

    /// <summary>All that it printed until now.</summary>
    public string Printed
    {
        get
        {
            lock (_printed)
            {
                return _printed.ToString();
            }
        }
    }

    /// <summary>Ids of the Silo's and the nodes' processes: those whose command line names the demo's folder.</summary>
    public IEnumerable<int> Processes => ProcessesOf("");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs <c>fed demo</c> on records that are at hand.</summary>
    public static DemoRun Start(params string[] arguments) => Start(_ => arguments);

    /// <summary>Runs <c>fed demo</c> on records that are at hand, with arguments that name paths of the test's own.</summary>
    public static DemoRun Start(Func<DemoRun, string[]> arguments) => new(demo =>
    {
        var (records, dataset) = TestFiles.Records(demo.In("records"));
        return new(
            TestFiles.Fed,
            [
                "demo", "--project", TestFiles.Root, "--silo", TestFiles.Silo, "--node", TestFiles.Node,
                "--data", records, "--dataset", dataset, .. arguments(demo),
            ]);
    });

    /// <summary>Runs another program that runs the demo.</summary>
    public static DemoRun Start(Func<DemoRun, ProcessStartInfo> start) => new(start);

    /// <summary>A path in the test's own folder.</summary>
    public string In(params ReadOnlySpan<string> parts) => Path.Combine([_folder.FullName, .. parts]);

    /// <summary>The demo's folder among the temporary ones.</summary>
    public string Made => Directory.GetDirectories(Temporary, "fed-demo-*").Single();

    /// <summary>Ids of the processes with a name, as <c>silo</c> or a hospital's id.</summary>
    public IEnumerable<int> ProcessesOf(string name) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let id = int.TryParse(Path.GetFileName(folder), out var number) ? number : 0
        where id > 0 && id != _process.Id
        let command = CommandOf(id)
        where command.Contains(_folder.FullName, StringComparison.Ordinal)
            && command.Contains($"/{name}", StringComparison.Ordinal)
            && command.Contains("run\0--config\0", StringComparison.Ordinal)
        select id;

    /// <summary>Waits for a line of the demo.</summary>
    public async Task<string> LineAsync(string part)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Deadline);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(deadline.Token))
            {
                if (line.Contains(part, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            // Told below.
        }

        throw new TimeoutException($"The demo did not print '{part}':\n{Printed}");
    }

    /// <summary>Waits for its end: its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException exception) when (!Token.IsCancellationRequested)
        {
            throw new TimeoutException($"The demo did not end:\n{Printed}", exception);
        }
    }

    /// <summary>Sends a signal to the demo itself.</summary>
    public Task SignalAsync(string signal) => SignalAsync(signal, _process.Id);

    /// <summary>Sends a signal to a process.</summary>
    public static async Task SignalAsync(string signal, int id)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{id}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Connects as the operator of the demo's federation.</summary>
    public static Task<FederationClient> ConnectAsync(string folder) => FederationClient.ConnectAsync(
        ConnectionFile.Load(Path.Combine(folder, "operator", "connection.json")).Connection!.ToOptions(), Token);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync("KILL");
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        foreach (var left in Processes.ToArray())
        {
            await SignalAsync("KILL", left);
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string CommandOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_printed)
        {
            _printed.AppendLine(line);
        }

        _lines.Writer.TryWrite(line);
    }
}
