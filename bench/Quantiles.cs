namespace FederatedOrleans.Bench;

/// <summary>Quantiles of what was measured.</summary>
internal static class Quantiles
{
    /// <summary>The value at a part of all values in order: .5 for the median.</summary>
    public static double AtPart(IReadOnlyCollection<double> values, double part) => values.Order().ElementAt((int)(values.Count * part));
}
