using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Json;

namespace FederatedOrleans.Plans;

/// <summary>Reads when a plan's models are evaluated, and what follows from it.</summary>
internal static class EvaluationReader
{
    // In the unit of a numeric label.
    private const double MostError = 1e9;

    public static EvaluationPlan Read(JsonObjectReader root, LabelKind label, ModelPlan model)
    {
        var defaults = new EvaluationPlan();
        if (root.Object("evaluation") is not { } reader)
        {
            return defaults;
        }

        var plan = new EvaluationPlan
        {
            EveryRounds = reader.WholeInt32("everyRounds", 1, 100_000) ?? defaults.EveryRounds,
            Deadline = reader.Duration("deadline", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) ?? defaults.Deadline,
            ScoreHistograms = reader.Flag("scoreHistograms") ?? false,
            StopEarly = ReadStopEarly(reader, label),
            NoHarm = ReadNoHarm(reader, label, model),
        };
        reader.Finish();
        return plan;
    }

    private static EarlyStoppingPlan? ReadStopEarly(JsonObjectReader evaluation, LabelKind label)
    {
        if (evaluation.Object("stopEarly") is not { } reader)
        {
            return null;
        }

        var plan = new EarlyStoppingPlan
        {
            Metric = reader.Choice("metric", MetricValues.Names) ?? MetricValues.NamesOf(label)[0],
            Patience = reader.WholeInt32("patience", 1, 10_000, required: true) ?? 1,
            MinimumChange = reader.NumberFrom("minimumChange", 0, MostOf(label)) ?? 0,
        };
        reader.Finish();
        return plan;
    }

    private static NoHarmPlan? ReadNoHarm(JsonObjectReader evaluation, LabelKind label, ModelPlan model)
    {
        if (evaluation.Object("noHarm") is not { } reader)
        {
            return null;
        }

        var baselines = ReadBaselines(reader);
        var named = ModelSourceReader.Read(reader, "incumbent");
        if (named is not null && !baselines.Contains(NoHarm.Incumbent))
        {
            reader.Fault("incumbent", $"is none of the baselines: add \"{NoHarm.Incumbent}\" to them, or leave it out");
        }

        var incumbent = baselines.Contains(NoHarm.Incumbent) ? named ?? model.From : null;
        if (baselines.Contains(NoHarm.Incumbent) && incumbent is null && !reader.Has("incumbent"))
        {
            reader.Fault("incumbent", "is missing: which run's model is in use");
        }

        var plan = new NoHarmPlan
        {
            Metric = reader.Choice("metric", MetricValues.Names) ?? (label == LabelKind.Numeric ? MetricValues.RootMeanSquaredError : MetricValues.Accuracy),
            Delta = reader.NumberFrom("delta", 0, MostOf(label), required: true) ?? 0,
            Baselines = baselines,
            Incumbent = incumbent,
        };
        reader.Finish();
        return plan;
    }

    private static ImmutableArray<string> ReadBaselines(JsonObjectReader reader)
    {
        var baselines = reader.Texts("baselines", required: true) ?? [];
        foreach (var unknown in baselines.Except(NoHarm.Baselines, StringComparer.Ordinal))
        {
            reader.Fault("baselines", $"'{JsonObjectReader.Quote(unknown)}' is unknown; known: {string.Join(", ", NoHarm.Baselines)}{NearestName.Hint(unknown, NoHarm.Baselines)}");
        }

        if (reader.Has("baselines") && baselines.IsEmpty)
        {
            reader.Fault("baselines", $"must hold at least one of {string.Join(", ", NoHarm.Baselines)}");
        }

        return [.. NoHarm.Baselines.Intersect(baselines, StringComparer.Ordinal)];
    }

    private static double MostOf(LabelKind label) => label == LabelKind.Numeric ? MostError : 1;
}
