namespace FederatedOrleans.Aggregation;

/// <summary>D = sum_k n_k d_k / sum_k n_k: the mean of the updates weighted by training rows.</summary>
/// <remarks>McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized Data" (AISTATS 2017), algorithm 1.</remarks>
public sealed class WeightedMean : IAggregator
{
    /// <summary><c>weighted-mean</c>.</summary>
    public const string PolicyName = "weighted-mean";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public IUpdateAccumulator Begin(int length, float[][]? blocks = null) => new WeightedMeanAccumulator(length, blocks: blocks);
}
