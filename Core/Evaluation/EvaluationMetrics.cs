using System.Text.Json.Serialization;

namespace FederatedOrleans.Evaluation;

/// <summary>What one hospital reports of a model on its own test rows.</summary>
[GenerateSerializer, Immutable, Alias("fo.EvaluationMetrics")]
public sealed record EvaluationMetrics
{
    /// <summary>Test rows.</summary>
    [Id(0)] public required long NumExamples { get; init; }

    /// <summary>Share of rows with (p &gt; 0.5) equal to the label, or whose likeliest class is the label, 0 to 1; 0 where <see cref="Regression"/> is there.</summary>
    [Id(1)] public required double Accuracy { get; init; }

    /// <summary>Area under the ROC curve, ties counting half; absent where only one class is there.</summary>
    [Id(2)] public double? Auc { get; init; }

    /// <summary>Mean negative log-likelihood in nats; 0 where <see cref="Regression"/> is there.</summary>
    [Id(3)] public required double LogLoss { get; init; }

    /// <summary>Share of the more frequent class: what a model that always says it would reach; 0 where <see cref="Regression"/> is there.</summary>
    [Id(4)] public required double MajorityRate { get; init; }

    /// <summary>The same on the hospital's validation rows, which steer the run; absent where it has none.</summary>
    [Id(5)] public EvaluationMetrics? Validation { get; init; }

    /// <summary>What the hospital's own model reaches on the same test rows; absent where the plan has none, or it is not trained yet.</summary>
    [Id(6)] public EvaluationMetrics? Personal { get; init; }

    /// <summary>The errors of a numeric label's predictions; absent of other labels, also from the text, whose members are of every version of the program.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Id(7)] public RegressionMetrics? Regression { get; init; }

    /// <summary>What a model of the hospital's own rows alone reaches on the same rows; absent where the plan does not compare with it, also from the text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Id(8)] public EvaluationMetrics? Local { get; init; }

    /// <summary>What the model that is in use reaches on the same rows; absent where the plan does not compare with it, also from the text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Id(9)] public EvaluationMetrics? Incumbent { get; init; }

    /// <summary>
    /// Mean over the classes that are there of the share of their rows that are answered right, 0 to 1: what does not get better by always
    /// giving the same answer. Absent of a numeric label.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Id(10)] public double? BalancedAccuracy { get; init; }

    /// <summary>
    /// F1 = 2 TP / (2 TP + FP + FN) of the positive label, or the mean over the classes of a categorical one, 0 to 1; absent of a numeric label, and
    /// where there is no such row and none is taken for one.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Id(11)] public double? F1 { get; init; }

    /// <summary>
    /// Expected calibration error in 10 bins of equal width (Guo et al. 2017, equation 3): how far probabilities and what happened lie apart, 0 to 1. Of the
    /// positive label's probability, or of the likeliest class's. Absent of a numeric label.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Id(12)] public double? CalibrationError { get; init; }

    /// <summary>The probabilities that the rows were given, for what is known of all hospitals together; absent where the plan does not ask for it, or there are too few rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Id(13)] public ScoreHistogram? Scores { get; init; }
}
