namespace FederatedOrleans.Plans;

/// <summary>What a label says of a row.</summary>
public enum LabelKind
{
    /// <summary>Yes or no.</summary>
    Binary,

    /// <summary>One of several classes.</summary>
    Categorical,

    /// <summary>A real number.</summary>
    Numeric,
}
