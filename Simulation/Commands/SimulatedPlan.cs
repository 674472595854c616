using FederatedOrleans.Cli.Runs;
using FederatedOrleans.Plans;
using FederatedOrleans.Rounds;

namespace FederatedOrleans.Simulation.Commands;

/// <summary>The plan of a simulated study.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Bytes">Its bytes, as they are submitted.</param>
internal sealed record SimulatedPlan(TrainingPlan Plan, byte[] Bytes)
{
    /// <summary>Reads it.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="rounds">Rounds instead of its own.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FederationException">It is not there, or anything in it is wrong.</exception>
    public static async Task<SimulatedPlan> ReadAsync(string path, int? rounds, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new FederationException($"There is no plan {path}.");
        }

        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        if (rounds is { } asked && TrainingPlanReader.Read(bytes).Plan is not null)
        {
            bytes = PlanRounds.Replace(bytes, asked);
        }

        var (plan, faults) = TrainingPlanReader.Read(bytes);
        return plan is null ? throw new FederationException(string.Join('\n', faults.Select(fault => $"{Path.GetFileName(path)}: {fault}"))) : new(plan, bytes);
    }

    /// <summary>Why it can't be run over some simulated hospitals, a sentence each. None joins later.</summary>
    /// <param name="hospitals">Their ids.</param>
    public IEnumerable<string> FaultsFor(IReadOnlyCollection<string> hospitals)
    {
        foreach (var stranger in Plan.Hospitals.Except(hospitals, StringComparer.Ordinal))
        {
            yield return $"The plan's hospitals name {stranger}, and the simulated ones are {hospitals.First()} to {hospitals.Last()}.";
        }

        var eligible = Plan.Hospitals.IsEmpty ? hospitals.Count : Plan.Hospitals.Length;
        foreach (var fault in Plan.Round.Resolve(eligible).Faults)
        {
            yield return $"The plan is not for {eligible:N0} hospitals: {fault}";
        }

        if (Plan.Preprocessing is not null && eligible < RoundOptionsResolution.LeastStatistics)
        {
            yield return $"The plan takes statistics of {RoundOptionsResolution.LeastStatistics} hospitals or more together: --hospitals 2, say.";
        }

        if (Plan.Model.From is not null || Plan.Evaluation.NoHarm?.Incumbent is not null)
        {
            yield return "The plan names the model of another run, and a simulation has none: leave model.from and the incumbent baseline out.";
        }
    }
}
