using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Bench.Learning;

/// <summary>What the last model of each seed reached at each hospital.</summary>
/// <param name="Hospitals">The hospitals in order.</param>
/// <param name="Seeds">Of each seed the hospitals' metrics in that order.</param>
internal sealed record SeedMetrics(IReadOnlyList<string> Hospitals, IReadOnlyList<IReadOnlyList<EvaluationMetrics>> Seeds)
{
    /// <summary>Mean and standard deviation over seeds of a figure that is made of a seed's metrics; nothing where a seed has none.</summary>
    public (double Mean, double Deviation)? Of(Func<IReadOnlyList<EvaluationMetrics>, double?> figure)
    {
        var values = Seeds.Select(figure).OfType<double>().ToArray();
        if (values.Length < Seeds.Count || values.Length == 0)
        {
            return null;
        }

        var mean = values.Average();
        var deviation = values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        return (mean, deviation);
    }
}
