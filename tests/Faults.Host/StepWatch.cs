using System.Diagnostics;
using System.Globalization;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Faults;

/// <summary>Listens to the steps of this process: keeps a journal of them, and kills at one of them whom it is told to.</summary>
/// <remarks>SIGKILL: nothing is cleaned up, flushed or told to anybody. A step that kills its own process never ends.</remarks>
internal sealed class StepWatch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly Lock _guard = new();
    private readonly List<IDisposable> _subscriptions = [];
    private readonly string _folder;
    private readonly string _orders;
    private readonly StepJournal _journal;
    private CrashOrder? _order;
    private DateTime _given;
    private int _reached;

    private StepWatch(string folder, string orders)
    {
        (_folder, _orders) = (folder, orders);
        _journal = new(Path.Combine(folder, "steps.log"));
        File.WriteAllText(Path.Combine(folder, "pid.part"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        File.Move(Path.Combine(folder, "pid.part"), Path.Combine(folder, "pid"), overwrite: true);
    }

    private string Name => Path.GetFileName(_folder);

    private string Root => Path.GetDirectoryName(_folder)!;

    /// <summary>Begins to listen, where the arguments name a configuration and the environment a file of orders.</summary>
    public static StepWatch? Start(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(FaultSwitch.Variable) is not { } orders || arguments is not ["run", "--config", var configuration])
        {
            return null;
        }

        var watch = new StepWatch(Path.GetDirectoryName(Path.GetFullPath(configuration))!, orders);
        watch._subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(watch));
        return watch;
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == Steps.ListenerName)
        {
            lock (_guard)
            {
                _subscriptions.Add(value.Subscribe(this));
            }
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        lock (_guard)
        {
            var subject = (string)value.Value!;
            _journal.Add(value.Key, subject);
            if (value.Key == StepNames.OutboxWritten)
            {
                UpdateCopies.Keep(_folder, subject, Path.Combine(Root, "updates"));
            }

            if (IsTime(value.Key, subject) && VictimsOf(_order!, subject) is { } victims && CrashOrder.TryTake(_orders))
            {
                Kill(victims);
            }
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        _subscriptions.ForEach(subscription => subscription.Dispose());
        _journal.Dispose();
    }

    private bool IsTime(string step, string subject)
    {
        var order = CrashOrder.Read(_orders);
        if (order is not null && File.GetLastWriteTimeUtc(_orders) is var given && given != _given)
        {
            (_given, _reached) = (given, 0);
        }

        _order = order;
        return order is not null && order.Counts(Name, step, subject) && ++_reached >= order.Count;
    }

    /// <summary>The processes that are to die; null while a grain that one of them is to host is hosted by nobody, or by whom the order spares.</summary>
    private string[]? VictimsOf(CrashOrder order, string subject)
    {
        if (!order.Victims.Any(StepHosts.IsGrain))
        {
            return order.Victims;
        }

        var journal = Directory.EnumerateDirectories(Root).SelectMany(folder => ReachedStep.Of(Path.GetFileName(folder), folder)).ToArray();
        var hosts = StepHosts.Grains.ToDictionary(grain => grain, grain => StepHosts.Of(journal, grain, subject), StringComparer.Ordinal);
        string[] victims = [.. order.Victims.Select(victim => hosts.GetValueOrDefault(victim, victim)).OfType<string>()];
        return victims.Length < order.Victims.Length || (order.Apart && hosts.Values.Distinct().Count() == 1) ? null : victims;
    }

    private void Kill(string[] victims)
    {
        foreach (var victim in victims.Where(victim => victim != Name))
        {
            KillOther(Path.Combine(Root, victim, "pid"));
        }

        _journal.Add("kill", string.Join(',', victims));
        if (victims.Contains(Name))
        {
            Process.GetCurrentProcess().Kill();

            // The signal is on its way to every thread; this one does not go on.
            using var never = new ManualResetEvent(initialState: false);
            never.WaitOne();
        }
    }

    private static void KillOther(string file)
    {
        // A program of others, as a database's server, says in the second line which folder is its own, and works through processes of its own.
        var lines = File.ReadAllLines(file);
        var id = int.Parse(lines[0], CultureInfo.InvariantCulture);
        var folder = lines.Length > 1 ? lines[1] : Path.GetDirectoryName(file)!;
        if (!File.Exists($"/proc/{id}/cmdline") || !File.ReadAllText($"/proc/{id}/cmdline").Contains(folder, StringComparison.Ordinal))
        {
            // It is dead already, and its number may be somebody else's.
            return;
        }

        using var process = Process.GetProcessById(id);
        process.Kill(entireProcessTree: lines.Length > 1);
    }
}
