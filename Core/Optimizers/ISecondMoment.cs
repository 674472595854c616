namespace FederatedOrleans.Optimizers;

/// <summary>How an adaptive optimizer remembers how large the aggregates have been: what tells FedAdagrad, FedAdam and FedYogi apart.</summary>
public interface ISecondMoment
{
    /// <summary>The name a plan gives the optimizer that has it.</summary>
    string Name { get; }

    /// <summary>Moves v by the aggregate D, in place.</summary>
    /// <param name="aggregate">A part of D.</param>
    /// <param name="values">The same part of v, of the same length; no value is negative, before or after.</param>
    void Move(ReadOnlySpan<float> aggregate, Span<float> values);
}
