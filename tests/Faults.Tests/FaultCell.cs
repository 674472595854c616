using FederatedOrleans.Diagnostics;

namespace FederatedOrleans.Faults;

/// <summary>What came of killing somebody at a step.</summary>
/// <param name="Killed">Who was killed; a column of the table.</param>
/// <param name="Step">Where; a row.</param>
/// <param name="Seconds">From the kill to the next phase that was stored, or to the end of the run.</param>
/// <param name="Attempts">Attempts that the three rounds took.</param>
internal sealed record FaultCell(string Killed, string Step, double Seconds, int Attempts)
{
    /// <summary>Whether the Silo that was killed hosted the coordinator and the aggregator.</summary>
    public bool Both { get; init; }

    /// <summary>Measures a run in which somebody was killed.</summary>
    public static async Task<FaultCell> MeasureAsync(FaultFederation federation, string killed, string step, string run)
    {
        var journal = federation.Journal(run).OrderBy(reached => reached.At).ToArray();
        var kill = journal.Last(reached => reached.Step == "kill");
        var next = journal.FirstOrDefault(reached => reached.At > kill.At
            && reached.Step.StartsWith("coordinator.", StringComparison.Ordinal)
            && reached.Step.EndsWith(".after-write", StringComparison.Ordinal)
            && reached.Step != StepNames.FirstUpdateAfterWrite);
        var versions = await federation.VersionsAsync(run);
        var before = journal.Where(reached => reached.At <= kill.At).ToArray();
        var at = before.Last(reached => reached.Process == kill.Process && reached.Step != "kill").Subject;
        return new(
            killed,
            step,
            ((next?.At ?? versions[^1].Manifest.CommittedAt) - kill.At).TotalSeconds,
            versions.Sum(version => version.Manifest.Attempt))
        {
            Both = federation.Silos.Count > 1
                && StepHosts.Of(before, StepHosts.Coordinator, at) == kill.Subject
                && StepHosts.Of(before, StepHosts.Aggregator, at) == kill.Subject,
        };
    }
}
