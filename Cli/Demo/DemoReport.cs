using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Cli.Demo;

/// <summary>The demo's table and its result for scripts.</summary>
internal static class DemoReport
{
    /// <summary>Accuracy and AUC of the final model by hospital, beside the majority rate and the published figure.</summary>
    /// <param name="context">Where it goes.</param>
    /// <param name="versions">What was committed.</param>
    /// <param name="isReference">Whether plan and records are those that the published figures are about.</param>
    public static void Table(CliContext context, ImmutableArray<ModelVersionView> versions, bool isReference)
    {
        var evaluations = versions.IsEmpty ? [] : versions[^1].Evaluations;
        var rows = evaluations
            .Select(evaluation => new[]
            {
                evaluation.Hospital,
                $"{evaluation.Metrics.NumExamples}",
                Share(evaluation.Metrics.Accuracy),
                Share(evaluation.Metrics.Auc),
                Share(evaluation.Metrics.MajorityRate),
                isReference ? Share(PublishedResults.Of(evaluation.Hospital)) : "-",
            })
            .ToList();
        if (evaluations.Length > 0)
        {
            rows.Add(
            [
                "mean",
                $"{evaluations.Sum(evaluation => evaluation.Metrics.NumExamples)}",
                Share(evaluations.Average(evaluation => evaluation.Metrics.Accuracy)),
                Share(evaluations.Average(evaluation => evaluation.Metrics.Auc)),
                Share(evaluations.Average(evaluation => evaluation.Metrics.MajorityRate)),
                isReference ? Share(PublishedResults.Mean) : "-",
            ]);
        }

        context.Output.Table(["hospital", "test rows", "accuracy", "AUC", "majority rate", "FLamby (accuracy)"], rows);
    }

    /// <summary>The result for scripts.</summary>
    public static JsonObject Json(RunView run, ImmutableArray<ModelVersionView> versions, string dataOrigin) => new()
    {
        ["run"] = run.Summary.Run,
        ["status"] = run.Summary.Status.ToString(),
        ["data"] = dataOrigin,
        ["planDigest"] = run.Summary.PlanDigest.Hex,
        ["rounds"] = run.Summary.Rounds,
        ["roundsCommitted"] = run.Summary.CommittedRounds,
        ["finalModelDigest"] = versions.IsEmpty ? null : versions[^1].Manifest.ModelAfter.Hex,
        ["secondsPerRound"] = versions.IsEmpty ? null : Seconds(versions),
        ["perRound"] = new JsonArray([.. versions.Select(version => (JsonNode)new JsonObject
        {
            ["round"] = version.Manifest.Round,
            ["attempt"] = version.Manifest.Attempt,
            ["seconds"] = (version.Manifest.CommittedAt - version.Manifest.BeganAt).TotalSeconds,
            ["committedAt"] = version.Manifest.CommittedAt,
            ["model"] = version.Manifest.ModelAfter.Hex,
            ["hospitals"] = new JsonArray([.. version.Manifest.Participants.Select(update => (JsonNode)update.Hospital)]),
            ["leftOut"] = new JsonArray([.. version.Manifest.LeftOut.Select(left => (JsonNode)$"{left.Hospital}: {left.Reason}")]),
            ["metrics"] = new JsonObject(version.Evaluations.Select(evaluation =>
                KeyValuePair.Create(evaluation.Hospital, (JsonNode?)new JsonObject
                {
                    ["examples"] = evaluation.Metrics.NumExamples,
                    ["accuracy"] = evaluation.Metrics.Accuracy,
                    ["auc"] = evaluation.Metrics.Auc,
                    ["logLoss"] = evaluation.Metrics.LogLoss,
                    ["majorityRate"] = evaluation.Metrics.MajorityRate,
                }))),
        })]),
    };

    private static double Seconds(ImmutableArray<ModelVersionView> versions) =>
        (versions[^1].Manifest.CommittedAt - versions[0].Manifest.BeganAt).TotalSeconds / versions.Length;

    private static string Share(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";
}
