namespace FederatedOrleans.Bench.Links;

/// <summary>Some rounds, and what they are made of, measured in the same minute.</summary>
/// <param name="Times">From one commit to the next, in milliseconds.</param>
/// <param name="Computed">What the Silo computed for a round, on all processors, in milliseconds.</param>
/// <param name="CallsEach">Calls and bodies of a hospital in a round.</param>
/// <param name="Commits">Commits of the Silo in a round.</param>
/// <param name="CallTime">What as many bare calls as a round has take, in milliseconds.</param>
/// <param name="CommitTime">What a bare commit takes, in milliseconds.</param>
internal sealed record OverheadPart(double[] Times, double Computed, double CallsEach, double Commits, double CallTime, double CommitTime)
{
    private const int ReferenceTimes = 100;

    /// <summary>What a round's calls and commits take by themselves, in milliseconds.</summary>
    public double Reference => CallTime + (Commits * CommitTime);

    /// <summary>How many times the reference a round takes.</summary>
    public double Ratio => Quantiles.AtPart(Times, .5) / Reference;

    /// <summary>Runs the rounds, with the reference before and after them.</summary>
    public static async Task<OverheadPart> MeasureAsync(
        LinkFederation federation, BareCalls bare, int hospitals, int parameters, int rounds, CancellationToken cancellationToken)
    {
        var commitTime = await BareCommits.MeasureAsync(federation.Folder, cancellationToken);
        var (calls, stored, computed) = (federation.Calls, await federation.StoredAsync(cancellationToken), federation.Computed);
        var manifests = await federation.RunAsync(parameters, rounds + 1, cancellationToken);
        var callsEach = (double)(federation.Calls - calls) / manifests.Length / hospitals;
        var computedEach = (federation.Computed - computed) / manifests.Length;
        var commits = (double)(await federation.StoredAsync(cancellationToken) - stored) / manifests.Length;
        return new(
            [.. manifests.Zip(manifests.Skip(1), (before, after) => (after.CommittedAt - before.CommittedAt).TotalMilliseconds)],
            computedEach.TotalMilliseconds,
            callsEach,
            commits,
            await bare.MeasureAsync((int)Math.Round(callsEach), ReferenceTimes, cancellationToken),
            commitTime);
    }
}
