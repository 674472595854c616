namespace FederatedOrleans.Plans;

/// <summary>How a feature's values are read.</summary>
public enum FeatureKind
{
    /// <summary>A real number; one model input.</summary>
    Numeric,

    /// <summary>One of the declared levels; one model input for every level but the first (the reference level).</summary>
    Categorical,
}
