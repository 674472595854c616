namespace FederatedOrleans.Aggregation;

/// <summary>How the updates of a round become one. A policy that a plan picks by name.</summary>
public interface IAggregator
{
    /// <summary>The name a plan gives it.</summary>
    string Name { get; }

    /// <summary>An empty accumulator for updates of <paramref name="length"/> parameters.</summary>
    IUpdateAccumulator Begin(int length);
}
