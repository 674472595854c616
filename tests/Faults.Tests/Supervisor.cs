using System.Collections.Concurrent;
using FederatedOrleans.Cli.Demo;
using Npgsql;

namespace FederatedOrleans.Faults;

/// <summary>Starts again whatever has died, after a pause, as an operator's service manager does.</summary>
internal sealed class Supervisor : IAsyncDisposable
{
    /// <summary>How long the dead stay dead, where nothing else is said.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);

    /// <summary>How long a database's server stays dead.</summary>
    public static readonly TimeSpan OfDatabase = TimeSpan.FromSeconds(5);

    // What a process that SIGKILL ended is said to have ended with.
    private const int Killed = 128 + 9;
    private const int LastLines = 30;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly LocalFederation _local;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Task _watching;

    public Supervisor(LocalFederation local, PostgresServer? database)
    {
        _local = local;
        IEnumerable<Task> all = local.Processes.Keys.ToArray().Select(name => WatchAsync(name, _ending.Token));
        _watching = Task.WhenAll(database is null ? all : all.Append(WatchAsync(database, _ending.Token)));
    }

    /// <summary>How long the dead stay dead.</summary>
    public TimeSpan Pause { get; set; } = Usual;

    /// <summary>Takes what there is to say of processes that ended though nobody killed them: a fault is that of one run.</summary>
    public string[] TakeFaults()
    {
        var faults = new List<string>();
        while (_faults.TryDequeue(out var fault))
        {
            faults.Add(fault);
        }

        return [.. faults];
    }

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
                _faults.Enqueue($"{name} ended by itself with exit code {process.ExitCode}:\n{LastWordsOf(name)}");
            }

            await Task.Delay(Pause, cancellationToken);
            await _local.EndAsync(name);
            _ = _local.Silos.Contains(name) ? _local.LaunchSilo(name) : _local.StartHospital(name);
        }
    }

    /// <summary>The end of what a process has told: its file is gone when the test's message is read.</summary>
    private string LastWordsOf(string name) => string.Join('\n', File.ReadLines(_local.LogOf(name)).TakeLast(LastLines));

    private async Task WatchAsync(PostgresServer database, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await database.WaitForExitAsync(cancellationToken) is not Killed and var code)
            {
                _faults.Enqueue($"The database's server ended by itself with exit code {code}.");
            }

            await Task.Delay(OfDatabase, cancellationToken);
            while (!await TryStartAsync(database, cancellationToken))
            {
                await Task.Delay(Look, cancellationToken);
            }
        }
    }

    /// <summary>False while what is left of the dead server keeps another from its memory.</summary>
    private static async Task<bool> TryStartAsync(PostgresServer database, CancellationToken cancellationToken)
    {
        try
        {
            await database.StartAgainAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
