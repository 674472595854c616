namespace FederatedOrleans.Bench.Links;

/// <summary>Some rounds, and what they are made of, measured in the same minute. Times are in milliseconds.</summary>
/// <param name="Times">From one commit to the next.</param>
/// <param name="Computed">What the Silo computed for a round, on all processors.</param>
/// <param name="CallsEach">Calls and bodies of a hospital in a round.</param>
/// <param name="Commits">Commits of the Silo in a round.</param>
/// <param name="CallTime">What as many bare calls as a round has take.</param>
/// <param name="CommitTime">What a bare commit takes, one right after the other.</param>
/// <param name="BareRound">What a round takes that is nothing but these calls and commits, in a round's order.</param>
internal sealed record OverheadPart(
    double[] Times, double Computed, double CallsEach, double Commits, double CallTime, double CommitTime, double BareRound)
{
    private const int ReferenceTimes = 100;

    /// <summary>What a round's calls and commits take by themselves, each kind one right after the other.</summary>
    public double Reference => CallTime + (Commits * CommitTime);

    /// <summary>How many times the reference a round takes.</summary>
    public double Ratio => Quantiles.AtPart(Times, .5) / Reference;

    /// <summary>How many times the bare round a round takes.</summary>
    public double RoundRatio => Quantiles.AtPart(Times, .5) / BareRound;

    /// <summary>Runs the rounds, with the references before and after them.</summary>
    public static async Task<OverheadPart> MeasureAsync(
        LinkFederation federation, BareCalls bare, int hospitals, int parameters, int rounds, CancellationToken cancellationToken)
    {
        await using var bareCommits = await BareCommits.OpenAsync(federation.Folder, cancellationToken);
        var commitTime = await bareCommits.MeasureAsync(cancellationToken);
        var (calls, stored, computed) = (federation.Calls, await federation.StoredAsync(cancellationToken), federation.Computed);
        var manifests = await federation.RunAsync(parameters, rounds + 1, cancellationToken);
        var callsEach = (double)(federation.Calls - calls) / manifests.Length / hospitals;
        var computedEach = (federation.Computed - computed) / manifests.Length;
        var commits = (double)(await federation.StoredAsync(cancellationToken) - stored) / manifests.Length;
        var wholeCalls = (int)Math.Round(callsEach);
        return new(
            [.. manifests.Zip(manifests.Skip(1), (before, after) => (after.CommittedAt - before.CommittedAt).TotalMilliseconds)],
            computedEach.TotalMilliseconds,
            callsEach,
            commits,
            await bare.MeasureAsync(wholeCalls, ReferenceTimes, cancellationToken),
            commitTime,
            await bare.MeasureRoundAsync(bareCommits, (int)Math.Round(commits), wholeCalls, ReferenceTimes, cancellationToken));
    }
}
