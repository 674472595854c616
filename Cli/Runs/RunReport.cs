using System.Collections.Immutable;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Cli.Runs;

/// <summary>Runs as people and machines read them.</summary>
internal static class RunReport
{
    public static void List(CliOutput output, ImmutableArray<RunSummary> runs, bool json)
    {
        if (json)
        {
            output.Json(runs);
            return;
        }

        output.Table(
            ["run", "plan", "status", "rounds", "submitted", "by", "reason"],
            runs.Select(run => (string?[])
            [
                run.Run, run.PlanName, Status(run.Status), $"{run.CommittedRounds}/{run.Rounds}", Time(run.SubmittedAt), run.SubmittedBy, run.Reason,
            ]));
    }

    public static void Show(CliOutput output, RunView view, ImmutableArray<ModelVersionView> versions, bool json)
    {
        if (json)
        {
            output.Json(new { view.Summary, view.CurrentRound, Versions = versions });
            return;
        }

        var run = view.Summary;
        output.Table(
            ["what", "value"],
            [
                ["run", run.Run],
                ["plan", $"{run.PlanName} ({run.PlanDigest.Short})"],
                ["status", run.Reason is null ? Status(run.Status) : $"{Status(run.Status)}: {run.Reason}"],
                ["rounds", run.BestVersion is { } best ? $"{run.CommittedRounds} of {run.Rounds}, version {best} the best" : $"{run.CommittedRounds} of {run.Rounds}"],
                ["submitted", $"{Time(run.SubmittedAt)} by {run.SubmittedBy}"],
            ]);
        if (view.CurrentRound is { } round)
        {
            output.Line("");
            output.Line($"{(round.Round == 0 ? "Statistics" : $"Round {round.Round}")}, attempt {round.Attempt}: {round.Phase}, at least {round.MinimumReports} of {round.GoalCount} reports");
            output.Table(
                ["hospital", "status", "steps", "reason"],
                round.Hospitals.Select(hospital => (string?[])
                [
                    hospital.Hospital,
                    hospital.Lost ? $"{hospital.Status} (lost)" : hospital.Status.ToString(),
                    hospital.StepsTotal > 0 ? $"{hospital.StepsDone}/{hospital.StepsTotal}" : "",
                    hospital.Reason,
                ]));
        }

        if (!versions.IsEmpty)
        {
            output.Line("");
            var isNumeric = versions.Any(version => version.Evaluations.Any(evaluation => evaluation.Metrics.Regression is not null));
            string[] figures = isNumeric ? ["rmse", "mae", "label deviation"] : ["accuracy", "majority", "balanced", "auc", "f1", "log loss", "calibration"];
            var hasBaselines = versions.Any(version => version.Evaluations.Any(evaluation => evaluation.Metrics is { Local: not null } or { Incumbent: not null }));
            output.Table(
                ["version", "model", "hospitals", "left out", "committed", "hospital", "rows", .. figures, "own model", .. hasBaselines ? (string[])["alone", "incumbent"] : []],
                versions.SelectMany(version => Rows(version, figures.Length, hasBaselines)));
        }
    }

    public static void Why(CliOutput output, RunExplanation why, bool json)
    {
        if (json)
        {
            output.Json(why);
            return;
        }

        output.Line(char.ToUpperInvariant(why.Why[0]) + why.Why[1..] + ".");
        if (!why.Hospitals.IsEmpty)
        {
            output.Table(["hospital", "does"], why.Hospitals.Select(hospital => (string?[])[hospital.Hospital, hospital.Doing]));
        }

        if (why.IfClosedNow is { } closed)
        {
            output.Line($"Closed now, {closed}.");
        }
    }

    public static string Status(RunStatus status) => status.ToString().ToLowerInvariant();

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'");

    private static string[] Figures(EvaluationMetrics metrics) => metrics.Regression is { } errors
        ? [$"{errors.RootMeanSquaredError:G5}", $"{errors.MeanAbsoluteError:G5}", $"{errors.LabelDeviation:G5}"]
        : [
            $"{metrics.Accuracy:0.0000}", $"{metrics.MajorityRate:0.0000}", Share(metrics.BalancedAccuracy), MetricsText.Auc(metrics), Share(metrics.F1), $"{metrics.LogLoss:0.0000}",
            Share(metrics.CalibrationError),
        ];

    private static string[] Figures(PooledMetrics all) => all.RootMeanSquaredError is { } error
        ? [$"{error:G5}", $"{all.MeanAbsoluteError:G5}", ""]
        :
        [
            Share(all.Accuracy), Share(all.MajorityRate), Share(all.BalancedAccuracy), all.Auc is null ? "-" : $"{Share(all.Auc)} +- {all.AucBound:0.0000}", Share(all.F1), Share(all.LogLoss),
            Share(all.CalibrationError),
        ];

    private static string Share(double? value) => value is { } known ? known.ToString("0.0000") : "-";

    private static string First(EvaluationMetrics? metrics) => metrics is null ? "" : Figures(metrics)[0];

    private static IEnumerable<IReadOnlyList<string?>> Rows(ModelVersionView version, int figures, bool hasBaselines)
    {
        var manifest = version.Manifest;
        string?[] head =
        [
            $"{manifest.Round}", manifest.ModelAfter.Short, $"{manifest.Participants.Length}", $"{manifest.LeftOut.Length}", Time(manifest.CommittedAt),
        ];
        if (version.Evaluations.IsEmpty)
        {
            yield return [.. head, .. Enumerable.Repeat("", figures + (hasBaselines ? 5 : 3))];
        }

        if (version is { Evaluations.Length: > 1, Pooled: { } all })
        {
            yield return [.. head, "all rows", $"{all.NumExamples}", .. Figures(all), .. Enumerable.Repeat("", hasBaselines ? 3 : 1)];
        }

        foreach (var evaluation in version.Evaluations)
        {
            var metrics = evaluation.Metrics;
            yield return [.. head, evaluation.Hospital, $"{metrics.NumExamples}", .. Figures(metrics), First(metrics.Personal), .. hasBaselines ? (string[])[First(metrics.Local), First(metrics.Incumbent)] : []];
        }
    }
}
