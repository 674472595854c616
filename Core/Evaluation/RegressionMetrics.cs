namespace FederatedOrleans.Evaluation;

/// <summary>How far a model's predictions of a numeric label are off, in the label's unit.</summary>
[GenerateSerializer, Immutable, Alias("fo.RegressionMetrics")]
public sealed record RegressionMetrics
{
    /// <summary>Square root of the mean squared error, from 0 on.</summary>
    [Id(0)] public required double RootMeanSquaredError { get; init; }

    /// <summary>Mean of the absolute errors, from 0 on.</summary>
    [Id(1)] public required double MeanAbsoluteError { get; init; }

    /// <summary>
    /// Root mean square deviation of the rows' labels from their mean: the error of a model that always says it, from 0 on. 1 less the square
    /// of the quotient of both errors is R squared.
    /// </summary>
    [Id(2)] public required double LabelDeviation { get; init; }
}
