namespace FederatedOrleans.Aggregation;

/// <summary>The running sum of n_k d_k, divided by the sum of n_k.</summary>
/// <remarks>
/// Row counts up to 2^24 are exact in float32; larger ones are rounded by at most 2^-24 of themselves.
/// With a norm |a_k| of each update it is the sum of n_k / |a_k| d_k, times sum n_k |a_k| / (sum n_k)^2: see <see cref="FedNova"/>.
/// </remarks>
/// <param name="length">Parameters of an update.</param>
/// <param name="norm">|a_k| of an update by its training rows, above 0; absent where updates count as they are.</param>
/// <param name="blocks">Memory of the sum, as <see cref="SumAccumulator"/> takes it; its own where absent.</param>
public sealed class WeightedMeanAccumulator(int length, Func<long, double>? norm = null, float[][]? blocks = null) : SumAccumulator(length, blocks)
{
    private double _totalWork;

    /// <inheritdoc/>
    protected override double Divisor => norm is null ? TotalExamples : (double)TotalExamples * TotalExamples / _totalWork;

    /// <inheritdoc/>
    protected override float WeightOf(long numExamples) => (float)(norm is null ? numExamples : numExamples / norm(numExamples));

    /// <inheritdoc/>
    protected override void Counted(long numExamples) => _totalWork += norm is null ? 0 : numExamples * norm(numExamples);
}
