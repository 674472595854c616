namespace FederatedOrleans.Rounds;

/// <summary>How fast a hospital gets on with what it does now: its latest report, and the first one of the same kind of work.</summary>
internal sealed record HospitalPace(HospitalActivity Latest, DateTimeOffset At, long FirstDone, DateTimeOffset FirstAt)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>The pace after a report.</summary>
    public static HospitalPace After(HospitalPace? before, HospitalActivity reported, DateTimeOffset now) =>
        before is not null && before.Latest.Kind == reported.Kind && Done(reported) >= before.FirstDone
            ? before with { Latest = reported, At = now }
            : new(reported, now, Done(reported), now);

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

    private static long Done(HospitalActivity activity) => IsTransfer(activity) ? activity.BytesDone : activity.StepsDone;

    private static long Total(HospitalActivity activity) => IsTransfer(activity) ? activity.BytesTotal : activity.StepsTotal;

    private static bool IsTransfer(HospitalActivity activity) => activity.Kind is ActivityKind.Downloading or ActivityKind.Uploading;
}
