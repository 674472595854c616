using System.Collections.Immutable;
using FederatedOrleans.Availability;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Rounds;

namespace FederatedOrleans.Runs;

/// <summary>Asks the hospitals' grains for the calendars they have published, and says in words what a run waits for.</summary>
internal sealed class RunPacing(IGrainFactory grains, TimeProvider time)
{
    /// <summary>How often a run that waits for its hospitals looks at their calendars again: every minute.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    /// <summary>Whom an attempt can count on now, or when it is worth beginning.</summary>
    /// <param name="eligible">Hospitals that may take part.</param>
    /// <param name="rules">The round's rules.</param>
    /// <param name="lastRound">How long the last committed round took; zero where there is none.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    public async Task<SelectionTiming> LookAsync(
        ImmutableArray<string> eligible, ResolvedRoundOptions rules, TimeSpan lastRound, CancellationToken cancellationToken)
    {
        var views = await Task.WhenAll(eligible.Select(
            hospital => grains.Grain<IHospitalGrain>(GrainKeys.Hospital(hospital)).ViewAsync(cancellationToken)));
        var expected = lastRound < rules.ReportingDeadline ? lastRound : rules.ReportingDeadline;
        return SelectionTiming.For(
            [.. views.Select(view => (view.Hospital, view.Availability))], rules.MinimumReports, time.GetUtcNow(), rules.SelectionWindow, expected);
    }

    /// <summary>Why an attempt waits.</summary>
    public static string WaitReason(SelectionTiming timing, int minimum) =>
        $"{Open(timing, minimum)}; {timing.OpenThen:N0} are open together again at {timing.Next?.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}";

    /// <summary>Why no attempt is ever worth beginning.</summary>
    public static string NeverReason(SelectionTiming timing, int round, int minimum) =>
        $"{RoundWording.NameOf(round)} can't begin: {Open(timing, minimum)}, and so many are at no time open together within {Rendezvous.Horizon.Days} days";

    /// <summary>The rules of a round with the goal lowered to those who can be invited now; the minimum stays.</summary>
    public static ResolvedRoundOptions WithinReach(ResolvedRoundOptions rules, int open) => rules with
    {
        GoalCount = Math.Min(rules.GoalCount, open),
        Invitations = Math.Min(rules.Invitations, open),
    };

    private static string Open(SelectionTiming timing, int minimum) =>
        $"{timing.Open.Length:N0} of at least {minimum:N0} hospitals {(timing.Open.Length == 1 ? "is" : "are")} open now";
}
