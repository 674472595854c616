namespace FederatedOrleans.Simulation.Reports;

/// <summary>How one hospital differs from all together.</summary>
public sealed record HospitalDifference
{
    /// <summary>Hospital id.</summary>
    public required string Hospital { get; init; }

    /// <summary>Training rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Share of the rows whose label says yes; null of other labels.</summary>
    public double? PositiveShare { get; init; }

    /// <summary>Total variation of its labels from those of all; null of a numeric label.</summary>
    public double? LabelDistance { get; init; }

    /// <summary>Mean over the features of the total variation of their histograms from those of all.</summary>
    public required double FeatureDistance { get; init; }

    /// <summary>The feature that differs most.</summary>
    public required string FarthestFeature { get; init; }

    /// <summary>By how much.</summary>
    public required double FarthestDistance { get; init; }

    /// <summary>Cosine of its first update and the weighted mean of the others'; null where it is alone, one of them is zero, or its training diverges.</summary>
    public double? UpdateCosine { get; init; }
}
