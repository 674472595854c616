using System.Collections.Immutable;

namespace FederatedOrleans.Rounds;

/// <summary>How fast a hospital gets on with what it does now: its latest report, and the few before it of the same piece of work.</summary>
/// <remarks>A line's speed changes: the last reports tell more than all of them, and what they were is bounded.</remarks>
internal sealed record HospitalPace
{
    private const int MostReports = 16;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(10);

    private ImmutableArray<(DateTimeOffset At, long Done)> _reports = [];

    private HospitalPace(HospitalActivity latest) => Latest = latest;

    /// <summary>The latest report.</summary>
    public HospitalActivity Latest { get; private init; }

    /// <summary>When it came.</summary>
    public DateTimeOffset At => _reports[^1].At;

    /// <summary>How far the hospital was at the first report that counts.</summary>
    public long FirstDone => _reports[0].Done;

    /// <summary>When that one came.</summary>
    public DateTimeOffset FirstAt => _reports[0].At;

    /// <summary>When the work under way ends at this pace; null where there are no two reports to tell it from.</summary>
    public DateTimeOffset? DoneAt
    {
        get
        {
            var (done, total) = (Done(Latest), Total(Latest));
            var elapsed = At - FirstAt;
            if (done <= FirstDone || total < done || elapsed <= TimeSpan.Zero)
            {
                return null;
            }

            var left = (total - done) / (double)(done - FirstDone) * elapsed.TotalSeconds;
            return left < Longest.TotalSeconds ? At + TimeSpan.FromSeconds(left) : null;
        }
    }

    /// <summary>The pace after a report. One that lies behind the one before it, or is of other work, begins a pace anew.</summary>
    public static HospitalPace After(HospitalPace? before, HospitalActivity reported, DateTimeOffset now)
    {
        var goesOn = before is not null && before.Latest.Kind == reported.Kind
            && Total(before.Latest) == Total(reported) && Done(reported) >= Done(before.Latest);
        var known = goesOn ? before!._reports : [];
        return new(reported)
        {
            _reports = [.. known.Skip(Math.Max(0, known.Length - MostReports + 1)), (now, Done(reported))],
        };
    }

    /// <summary>The same pace by a clock that was set.</summary>
    public HospitalPace Shift(TimeSpan by) => this with { _reports = [.. _reports.Select(report => (report.At + by, report.Done))] };

    /// <summary>For how long no byte of a transfer under way has moved, where that is 10 s or more; a node that moves bytes says so each second.</summary>
    public TimeSpan? StillFor(DateTimeOffset now) => IsTransfer(Latest) && now - At >= Still ? now - At : null;

    private static long Done(HospitalActivity activity) => IsTransfer(activity) ? activity.BytesDone : activity.StepsDone;

    private static long Total(HospitalActivity activity) => IsTransfer(activity) ? activity.BytesTotal : activity.StepsTotal;

    private static bool IsTransfer(HospitalActivity activity) => activity.Kind is ActivityKind.Downloading or ActivityKind.Uploading;
}
