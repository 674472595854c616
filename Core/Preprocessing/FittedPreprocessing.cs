using System.Collections.Immutable;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Preprocessing;

/// <summary>A plan's preprocessing with every figure in place: imputation, one-hot levels and scaling, the same at every hospital. Immutable.</summary>
/// <remarks>
/// It is a function of the plan and of the committed statistics alone, in double and in a fixed order, so that it is the same to the bit wherever it is
/// computed. A number that is constant, or of which nothing is told, is divided by half of its range: a first row that differs, in a test, must not come out at a
/// billion; that is what the clip is for as well.
/// </remarks>
public sealed record FittedPreprocessing
{
    // Below this part of the range a deviation is rounding.
    private const double LeastDeviation = 1e-6;

    /// <summary>The features in the order of the schema.</summary>
    public required ImmutableArray<FittedFeature> Features { get; init; }

    /// <summary>Whether inputs are scaled.</summary>
    public required bool IsScaled { get; init; }

    /// <summary>Most that a scaled input is away from 0.</summary>
    public required double Clip { get; init; }

    /// <summary>The label's mean and scale, where it is a number whose range the plan declares.</summary>
    public ScaledInput? Label { get; init; }

    /// <summary>Inputs of a model.</summary>
    public int InputCount { get; private init; }

    /// <summary>Fits a plan's preprocessing.</summary>
    /// <param name="plan">A plan with preprocessing.</param>
    /// <param name="statistics">The vector that its statistics round has committed.</param>
    /// <exception cref="ArgumentException">The plan has no preprocessing, or the vector another length.</exception>
    public static FittedPreprocessing Fit(TrainingPlan plan, ParameterVector statistics)
    {
        var known = DatasetStatistics.Of(plan, statistics);
        var preprocessing = plan.Preprocessing!;
        var isScaled = preprocessing.Scaling == Scalings.ZScore;
        ImmutableArray<FittedFeature> features =
        [
            .. plan.Dataset.Schema.Features.Zip(preprocessing.Features, known.Features).Select(part => part.First.Kind == FeatureKind.Numeric
                ? OfNumber(part.First, part.Second, part.Third, isScaled)
                : OfLevels(part.First, part.Second, part.Third, isScaled)),
        ];
        return new()
        {
            Features = features,
            IsScaled = isScaled,
            Clip = preprocessing.Clip,
            Label = preprocessing.Label is { } range ? OfNumber(plan.Dataset.Schema.Label, range, known.Label, isScaled: true) : null,
            InputCount = features.Sum(feature => feature.Inputs.Length),
        };
    }

    /// <summary>Makes a model's inputs of a row.</summary>
    /// <param name="row">The row's columns as its dataset has them, with <see cref="CellMarks"/> where there is no value.</param>
    /// <param name="inputs">Receives <see cref="InputCount"/> values.</param>
    public void Apply(ReadOnlySpan<float> row, Span<double> inputs)
    {
        foreach (var feature in Features)
        {
            var made = inputs[..feature.Inputs.Length];
            var isMissing = feature.Range is { } range
                ? MakeNumber(feature, range, row[0], out made[0])
                : MakeLevel(feature, row[..feature.Width], made[..feature.Width]);
            if (feature.FlagsMissing)
            {
                made[^1] = isMissing ? 1 : 0;
            }

            if (IsScaled)
            {
                Scale(feature.Inputs, made);
            }

            row = row[feature.Width..];
            inputs = inputs[made.Length..];
        }
    }

    private void Scale(ImmutableArray<ScaledInput> scales, Span<double> made)
    {
        for (var input = 0; input < made.Length; input++)
        {
            made[input] = Math.Clamp((made[input] - scales[input].Mean) / scales[input].Scale, -Clip, Clip);
        }
    }

    private static bool MakeNumber(FittedFeature feature, NumericRange range, float cell, out double made)
    {
        var isMissing = !float.IsFinite(cell) || (!feature.Missing.IsEmpty && feature.Missing.Contains(cell));
        made = isMissing ? feature.ImputedNumber : Math.Clamp(cell, range.From, range.To);
        return isMissing;
    }

    private static bool MakeLevel(FittedFeature feature, ReadOnlySpan<float> cells, Span<double> made)
    {
        var level = LevelOf(cells);
        var isMissing = level < 0 || !feature.AgreedLevels[level];
        level = isMissing ? feature.ImputedLevel : level;
        made.Clear();
        if (level > 0)
        {
            made[level - 1] = 1;
        }

        return isMissing;
    }

    /// <summary>The level that the columns of a categorical feature stand for; negative where they stand for none.</summary>
    public static int LevelOf(ReadOnlySpan<float> cells) => !float.IsFinite(cells[0]) ? -1 : cells.IndexOf(1f) + 1;

    private static FittedFeature OfNumber(FeatureSpec spec, FeaturePreprocessingPlan plan, FeatureStatistics known, bool isScaled)
    {
        // Where nobody has a value the middle of the range stands for all of them.
        var range = plan.Range!;
        var mean = known.Mean ?? range.Pivot;
        return new()
        {
            Spec = spec,
            Range = range,
            Missing = plan.Missing,
            ImputedNumber = plan.Impute == Imputations.Median ? known.Quantile(0.5) ?? mean : mean,
            FlagsMissing = plan.FlagMissing,
            Inputs = [OfNumber(spec.InputNames[0], range, known, isScaled), .. FlagOf(spec, plan, known, isScaled)],
        };
    }

    private static FittedFeature OfLevels(FeatureSpec spec, FeaturePreprocessingPlan plan, FeatureStatistics known, bool isScaled) => new()
    {
        Spec = spec,
        ImputedLevel = known.LevelRows.IndexOf(known.LevelRows.Max()),
        AgreedLevels = [.. known.LevelRows.Select(rows => !plan.AgreedLevelsOnly || rows > 0)],
        FlagsMissing = plan.FlagMissing,
        Inputs =
        [
            .. spec.InputNames.Select((name, index) => OfShare(name, known.LevelRows[index + 1], known.Present, isScaled)),
            .. FlagOf(spec, plan, known, isScaled),
        ],
    };

    private static IEnumerable<ScaledInput> FlagOf(FeatureSpec spec, FeaturePreprocessingPlan plan, FeatureStatistics known, bool isScaled)
    {
        if (plan.FlagMissing)
        {
            var missing = known.Missing + known.Undeclared;
            yield return OfShare(ModelInputs.FlagOf(spec), missing, known.Present + missing, isScaled);
        }
    }

    /// <summary>A 0/1 input that is 1 in some of the rows.</summary>
    private static ScaledInput OfShare(string name, long rows, long all, bool isScaled)
    {
        var share = all == 0 ? 0 : (double)rows / all;
        var deviation = all < 2 ? 0 : Math.Sqrt(share * (1 - share) * all / (all - 1));
        return isScaled ? new(name, share, deviation == 0 ? 1 : deviation) : new(name, 0, 1);
    }

    private static ScaledInput OfNumber(string name, NumericRange range, FeatureStatistics? known, bool isScaled)
    {
        var deviation = known?.Deviation ?? 0;
        return isScaled ? new(name, known?.Mean ?? range.Pivot, deviation < LeastDeviation * range.HalfWidth ? range.HalfWidth : deviation) : new(name, 0, 1);
    }
}
