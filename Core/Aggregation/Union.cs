namespace FederatedOrleans.Aggregation;

/// <summary>D = sum_k d_k, where each hospital has a part of the model of its own and the rest of its update is zero: the parts side by side.</summary>
/// <remarks>x + 0 is x to the bit, so that what a hospital sent is what is in the model. For models whose <see cref="Models.HospitalParts"/> are hospitals'.</remarks>
public sealed class Union : IAggregator
{
    /// <summary><c>union</c>.</summary>
    public const string PolicyName = "union";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public IUpdateAccumulator Begin(int length, float[][]? blocks = null) => new Accumulator(length, blocks);

    private sealed class Accumulator(int length, float[][]? blocks) : SumAccumulator(length, blocks)
    {
        protected override double Divisor => 1;

        protected override float WeightOf(long numExamples) => 1;
    }
}
