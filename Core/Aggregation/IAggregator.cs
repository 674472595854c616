namespace FederatedOrleans.Aggregation;

/// <summary>How the updates of a round become one. A policy that a plan picks by name.</summary>
public interface IAggregator
{
    /// <summary>The name a plan gives it.</summary>
    string Name { get; }

    /// <summary>An empty accumulator for updates of <paramref name="length"/> parameters.</summary>
    /// <param name="length">Parameters of an update.</param>
    /// <param name="blocks">
    /// Memory for its sum: zeros, in as many arrays of <see cref="SumAccumulator.BlockValues"/> values as hold it, which nobody else uses while it
    /// is used; its own where absent.
    /// </param>
    /// <exception cref="ArgumentException">There are too few blocks, or one is too short.</exception>
    IUpdateAccumulator Begin(int length, float[][]? blocks = null);
}
