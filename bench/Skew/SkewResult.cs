using FederatedOrleans.Evaluation;
using MathNet.Numerics.Distributions;

namespace FederatedOrleans.Bench.Skew;

/// <summary>What a strategy reached at its rate.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Rate">The local rate that validation chose.</param>
/// <param name="Seeds">Of each seed the hospitals' metrics.</param>
internal sealed record SkewResult(SkewStrategy Strategy, double Rate, IReadOnlyList<IReadOnlyList<EvaluationMetrics>> Seeds)
{
    private const double Confidence = 0.975;

    /// <summary>Log loss of all test images.</summary>
    public static double Loss(IReadOnlyList<EvaluationMetrics> hospitals) => OfAll(hospitals, metrics => metrics.LogLoss);

    /// <summary>Accuracy on all test images.</summary>
    public static double Accuracy(IReadOnlyList<EvaluationMetrics> hospitals) => OfAll(hospitals, metrics => metrics.Accuracy);

    /// <summary>Accuracy at the hospital where it is lowest.</summary>
    public static double Worst(IReadOnlyList<EvaluationMetrics> hospitals) => hospitals.Min(metrics => metrics.Accuracy);

    /// <summary>Log loss of all validation images.</summary>
    public static double ValidationLoss(IReadOnlyList<EvaluationMetrics> hospitals) => Loss([.. hospitals.Select(metrics => metrics.Validation!)]);

    /// <summary>The mean of a figure over the seeds.</summary>
    public double Mean(Func<IReadOnlyList<EvaluationMetrics>, double> figure) => Seeds.Average(figure);

    /// <summary>The result of the hospitals' own models.</summary>
    public SkewResult Own() => this with { Seeds = [.. Seeds.Select(seed => (IReadOnlyList<EvaluationMetrics>)[.. seed.Select(metrics => metrics.Personal!)])] };

    /// <summary>Mean difference to another strategy, seed by seed, and half of its 95 % interval.</summary>
    public (double Difference, double Half) Against(SkewResult other, Func<IReadOnlyList<EvaluationMetrics>, double> figure)
    {
        double[] differences = [.. Seeds.Zip(other.Seeds, (own, others) => figure(own) - figure(others))];
        var mean = differences.Average();
        var deviation = Math.Sqrt(differences.Sum(difference => (difference - mean) * (difference - mean)) / (differences.Length - 1));
        return (mean, StudentT.InvCDF(0, 1, differences.Length - 1, Confidence) * deviation / Math.Sqrt(differences.Length));
    }

    private static double OfAll(IReadOnlyList<EvaluationMetrics> hospitals, Func<EvaluationMetrics, double> figure) =>
        hospitals.Sum(metrics => figure(metrics) * metrics.NumExamples) / hospitals.Sum(metrics => metrics.NumExamples);
}
