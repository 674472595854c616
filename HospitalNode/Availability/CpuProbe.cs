using System.Globalization;

namespace FederatedOrleans.Site.Availability;

/// <summary>How much of the machine's processors others use. What this process uses itself does not count.</summary>
/// <remarks>From two readings of the kernel's counters at least <see cref="Span"/> apart. Not safe for concurrent use.</remarks>
internal sealed class CpuProbe(double maxPercent, MachineFiles files, TimeProvider time) : ILimitProbe
{
    /// <summary>Least time between two readings: counters move in steps of 10 ms.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(5);

    private (double Busy, double Total, double Own, long At)? _last;
    private string? _broken;

    public async ValueTask<string?> BrokenAsync(CancellationToken cancellationToken)
    {
        if (_last is not { } known || time.GetElapsedTime(known.At) > Stale)
        {
            // What was used a while ago says nothing of now.
            _last = Take();
            if (_last is null)
            {
                return MachineFiles.NotMeasured("the use of the processors", "/proc/stat");
            }

            await Task.Delay(Span, time, cancellationToken);
        }
        else if (time.GetElapsedTime(known.At) < Span)
        {
            return _broken;
        }

        var before = _last!.Value;
        if (Take() is not { } now)
        {
            return MachineFiles.NotMeasured("the use of the processors", "/proc/stat");
        }

        _last = now;
        var total = now.Total - before.Total;
        var others = Math.Max(0, now.Busy - before.Busy - (now.Own - before.Own));
        var percent = total > 0 ? 100 * others / total : 0;
        return _broken = percent > maxPercent
            ? string.Create(CultureInfo.InvariantCulture, $"others use {percent:F0} % of the processors, more than {maxPercent:0.#} %")
            : null;
    }

    private (double Busy, double Total, double Own, long At)? Take()
    {
        if (files.ReadProc("stat") is not { } stat || files.ReadProc("self/stat") is not { } self)
        {
            return null;
        }

        // cpu user nice system idle iowait irq softirq steal; a guest's time is part of user.
        var cpu = MachineFiles.Numbers(stat.Split('\n')[0]);

        // The name in parentheses may hold blanks; after it come state and ppid ..., utime and stime as fields 14 and 15.
        var own = MachineFiles.Numbers(self[(self.LastIndexOf(')') + 1)..]);
        if (cpu.Length < 8 || own.Length < 12)
        {
            return null;
        }

        var idle = cpu[3] + cpu[4];
        var total = cpu.Take(8).Sum();

        // The state is a letter and dropped, so that the numbers begin with field 4.
        return (total - idle, total, own[10] + own[11], time.GetTimestamp());
    }
}
