using System.Collections.Immutable;

namespace FederatedOrleans.Preprocessing;

/// <summary>What a plan may have put in for a missing value, of all hospitals together.</summary>
public static class Imputations
{
    /// <summary>The mean of a numeric feature.</summary>
    public const string Mean = "mean";

    /// <summary>The median of a numeric feature, to within one bin.</summary>
    public const string Median = "median";

    /// <summary>The most frequent level of a categorical feature, the first of those that are.</summary>
    public const string MostFrequent = "most-frequent";

    /// <summary>For a numeric feature; the first by default.</summary>
    public static ImmutableArray<string> OfNumbers { get; } = [Mean, Median];

    /// <summary>For a categorical one.</summary>
    public static ImmutableArray<string> OfLevels { get; } = [MostFrequent];
}
