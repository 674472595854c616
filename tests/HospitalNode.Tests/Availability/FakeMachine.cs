namespace FederatedOrleans.Site.Availability;

/// <summary>Made-up trees in the place of /proc and /sys: two processors that nobody uses, mains power.</summary>
internal sealed class FakeMachine : IDisposable
{
    private readonly TestFiles _files = new();
    private (long User, long Idle) _cpu = (1000, 1000);
    private long _own;

    public FakeMachine()
    {
        Files = new(Path.Combine(_files.Folder, "proc"), Path.Combine(_files.Folder, "sys"));
        Directory.CreateDirectory(Path.Combine(Files.Proc, "self"));
        Directory.CreateDirectory(Path.Combine(Files.Sys, "class", "power_supply"));
        Use(0, 0, 0);
        Proc("meminfo", "MemTotal:       16000000 kB\nMemFree:          100000 kB\nMemAvailable:    8000000 kB\n");
        Proc("loadavg", "0.10 0.20 0.30 1/500 4711\n");
    }

    public MachineFiles Files { get; }

    public string Folder => _files.Folder;

    /// <summary>Moves the kernel's counters on: ticks that others used, that this process used, and that nobody used.</summary>
    public void Use(long others, long own, long idle)
    {
        _cpu = (_cpu.User + others + own, _cpu.Idle + idle);
        _own += own;
        Proc("stat", $"cpu  {_cpu.User} 0 0 {_cpu.Idle} 0 0 0 0 0 0\ncpu0 1 0 0 1 0 0 0 0 0 0\ncpu1 1 0 0 1 0 0 0 0 0 0\nintr 1 2 3\n");
        Proc("self/stat", $"42 (fed node) x) S 1 42 42 0 -1 4194304 100 0 0 0 {_own} 0 0 0 20 0 12 0 100 1 2\n");
    }

    public void Proc(string name, string text) => File.WriteAllText(Path.Combine(Files.Proc, name), text);

    public void Remove(string name) => File.Delete(Path.Combine(Files.Proc, name));

    public void Supply(string name, params (string File, string Text)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Files.Sys, "class", "power_supply", name)).FullName;
        foreach (var (file, text) in files)
        {
            File.WriteAllText(Path.Combine(folder, file), text + "\n");
        }
    }

    public void Dispose() => _files.Dispose();
}
