using System.Collections.Concurrent;
using FederatedOrleans.Cli.Demo;

namespace FederatedOrleans.Faults;

/// <summary>Starts again whatever has died, after a pause, as an operator's service manager does.</summary>
internal sealed class Supervisor : IAsyncDisposable
{
    /// <summary>How long the dead stay dead, where nothing else is said.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);

    // What a process that SIGKILL ended is said to have ended with.
    private const int Killed = 128 + 9;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly LocalFederation _local;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Task _watching;

    public Supervisor(LocalFederation local)
    {
        _local = local;
        _watching = Task.WhenAll(local.Processes.Keys.ToArray().Select(name => WatchAsync(name, _ending.Token)));
    }

    /// <summary>How long the dead stay dead.</summary>
    public TimeSpan Pause { get; set; } = Usual;

    /// <summary>Sentences for processes that ended though nobody killed them.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Kills a process at once. False where it is dead already.</summary>
    public async Task<bool> KillAsync(string name)
    {
        try
        {
            if (_local.Processes[name] is { HasExited: false } process)
            {
                await process.SignalAsync("KILL");
                return true;
            }
        }
        catch (Exception gone) when (gone is InvalidOperationException or KeyNotFoundException)
        {
            // It is just being started again.
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task WatchAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            var process = _local.Processes[name];
            while (!process.HasExited)
            {
                await Task.Delay(Look, cancellationToken);
            }

            if (process.ExitCode != Killed)
            {
                _faults.Enqueue($"{name} ended by itself with exit code {process.ExitCode}; {_local.LogOf(name)} tells why.");
            }

            await Task.Delay(Pause, cancellationToken);
            await _local.EndAsync(name);
            _ = _local.Silos.Contains(name) ? _local.LaunchSilo(name) : _local.StartHospital(name);
        }
    }
}
