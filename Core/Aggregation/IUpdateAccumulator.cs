namespace FederatedOrleans.Aggregation;

/// <summary>Folds updates into one, one at a time. Safe for concurrent use only where <see cref="FoldPart"/> says so.</summary>
/// <remarks>
/// Floating-point addition is not associative: whoever folds does so in ordinal order of the hospitals' ids, so that the same set of
/// updates gives the same bits in whatever order they arrived.
/// </remarks>
public interface IUpdateAccumulator
{
    /// <summary>Updates folded in so far.</summary>
    int Count { get; }

    /// <summary>Training rows behind them.</summary>
    long TotalExamples { get; }

    /// <summary>Folds one update in. It must have passed the checks of receipt: a value that is not finite poisons the result.</summary>
    /// <param name="update">As many values as the accumulator was begun with.</param>
    /// <param name="numExamples">Training rows behind it, at least 1.</param>
    void Fold(ReadOnlySpan<float> update, long numExamples);

    /// <summary>Folds a part of the next update in; its parts may come in any order, and <see cref="EndUpdate"/> follows the last.</summary>
    /// <remarks>
    /// For updates that are not in memory whole. Whether an update is folded whole or in parts makes no difference to the bits. Several threads
    /// may fold at once, each the same range of values of all updates in their order, ranges that do not overlap.
    /// </remarks>
    /// <param name="start">Index of the part's first value.</param>
    /// <param name="part">Its values.</param>
    /// <param name="numExamples">Training rows behind the update, at least 1.</param>
    void FoldPart(int start, ReadOnlySpan<float> part, long numExamples);

    /// <summary>Counts the update whose parts have been folded in.</summary>
    /// <param name="numExamples">Training rows behind it, at least 1.</param>
    void EndUpdate(long numExamples);

    /// <summary>Reads a part of the aggregate of what has been folded in so far. Changes nothing, and several threads may read at once.</summary>
    /// <param name="start">Index of the part's first value.</param>
    /// <param name="part">Where to write it.</param>
    /// <exception cref="InvalidOperationException">Nothing was folded in.</exception>
    void ReadAggregate(int start, Span<float> part);
}
