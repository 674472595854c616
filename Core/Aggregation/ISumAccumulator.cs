namespace FederatedOrleans.Aggregation;

/// <summary>An accumulator whose state is one sum a parameter, so that the sums of groups of hospitals can be added up.</summary>
/// <remarks>
/// Sums of groups are added in the groups' order, group 0 first: (u1 + u2) + (u3 + u4) is not ((u1 + u2) + u3) + u4 in its last bit, so
/// that the grouping belongs to the result like the order within a group.
/// </remarks>
public interface ISumAccumulator : IUpdateAccumulator
{
    /// <summary>Reads a part of the sum.</summary>
    /// <param name="start">Index of the part's first value.</param>
    /// <param name="part">Where to write it.</param>
    void ReadSum(int start, Span<float> part);

    /// <summary>Adds a part of another group's sum; its parts may come in any order, and <see cref="EndSum"/> follows the last.</summary>
    /// <param name="start">Index of the part's first value.</param>
    /// <param name="part">Its values.</param>
    void AddSum(int start, ReadOnlySpan<float> part);

    /// <summary>Counts the updates of the group whose sum has been added.</summary>
    /// <param name="numExamples">Training rows behind each of them in their order, each at least 1.</param>
    void EndSum(ReadOnlySpan<long> numExamples);
}
