namespace FederatedOrleans.Plans;

/// <summary>Declared bounds of a number: no hospital's own least or largest value is asked for, which would be one patient's.</summary>
/// <param name="From">The lower bound.</param>
/// <param name="To">The upper bound, above it.</param>
public sealed record NumericRange(double From, double To)
{
    /// <summary>The middle, about which sums are taken.</summary>
    public double Pivot => From + ((To - From) / 2);

    /// <summary>Half of its length.</summary>
    public double HalfWidth => (To - From) / 2;
}
