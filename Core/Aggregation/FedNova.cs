namespace FederatedOrleans.Aggregation;

/// <summary>D = t sum_k p_k d_k / |a_k|, with p_k = n_k / sum n and t = sum_k p_k |a_k|: hospitals that make more steps do not pull harder.</summary>
/// <remarks>
/// Wang et al., "Tackling the Objective Inconsistency Problem in Heterogeneous Federated Optimization" (NeurIPS 2020), equation 6 with the
/// default effective number of steps of its section 4.1. |a_k| is the number of local steps, corrected where the local objective asks for it: see
/// <see cref="Training.LocalWork.Norm"/>. Where it is the same at all hospitals this is the weighted mean, but for the last bits.
/// It is not reported but worked out from plan and rows: no hospital can weigh itself heavier by it.
/// </remarks>
/// <param name="norm">|a_k| of a hospital by its training rows; above 0.</param>
public sealed class FedNova(Func<long, double> norm) : IAggregator
{
    /// <summary><c>fednova</c>.</summary>
    public const string PolicyName = "fednova";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public IUpdateAccumulator Begin(int length, float[][]? blocks = null) => new WeightedMeanAccumulator(length, norm, blocks);
}
