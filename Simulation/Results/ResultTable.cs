using FederatedOrleans.Cli.Output;
using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Simulation.Results;

/// <summary>What the run's model is worth at each hospital, and other models beside it.</summary>
internal static class ResultTable
{
    private const int Most = 30;

    /// <summary>Writes it.</summary>
    public static void Write(CliOutput output, SimulationResult result)
    {
        if (result.Run.ModelVersion is not { } version)
        {
            return;
        }

        var measured = result.Versions[version - 1].Hospitals;
        if (measured.Count > 0)
        {
            output.Line("");
            output.Line($"Version {version}:");
            var isNumeric = measured.Values.All(metrics => metrics.Regression is not null);
            var hasOwn = measured.Values.Any(metrics => metrics.Personal is not null);
            output.Table(
                isNumeric ? ["hospital", "test rows", "rmse", "mae", "label deviation", .. Own(hasOwn, "own model")]
                    : ["hospital", "test rows", "accuracy", "majority", "balanced", "AUC", "log loss", .. Own(hasOwn, "own model")],
                [
                    .. measured.Take(Most).Select(each => (string?[])[each.Key, $"{each.Value.NumExamples}", .. FiguresOf(each.Value), .. Own(hasOwn, OwnOf(each.Value))]),
                    .. result.Versions[version - 1].Pooled is { } all ? (string?[][])[["all rows", $"{all.NumExamples}", .. FiguresOf(all, isNumeric), .. Own(hasOwn, "")]] : [],
                ]);
            if (measured.Count > Most)
            {
                output.Line($"and {measured.Count - Most:N0} more");
            }
        }

        if (result.CrossSite is { } rows && result.Hospitals.Length <= Most)
        {
            output.Line("");
            output.Line(rows[0].Metrics[0].Regression is null ? "Accuracy of each model (row) at each hospital (column):" : "Root mean squared error of each model (row) at each hospital (column):");
            output.Table(
                ["model", .. result.Hospitals.Select(hospital => hospital.Hospital)],
                rows.Select(row => (string?[])[row.Model, .. row.Metrics.Select(metrics => Figures.Text(metrics.Regression?.RootMeanSquaredError ?? metrics.Accuracy))]));
        }

        output.Line("");
        output.Raw($"Model: version {version}, {result.Run.ModelDigest!.Value.Hex}");
    }

    private static string[] FiguresOf(EvaluationMetrics metrics) => metrics.Regression is { } errors
        ? [Figures.Text(errors.RootMeanSquaredError), Figures.Text(errors.MeanAbsoluteError), Figures.Text(errors.LabelDeviation)]
        :
        [
            Figures.Text(metrics.Accuracy), Figures.Text(metrics.MajorityRate), Figures.Text(metrics.BalancedAccuracy), Figures.Text(metrics.Auc), Figures.Text(metrics.LogLoss),
        ];

    private static string[] Own(bool hasOwn, string cell) => hasOwn ? [cell] : [];

    private static string OwnOf(EvaluationMetrics metrics) => metrics.Personal is { } own ? Figures.Text(own.Regression?.RootMeanSquaredError ?? own.Accuracy) : "";

    private static string[] FiguresOf(PooledMetrics all, bool isNumeric) => isNumeric
        ? [Figures.Text(all.RootMeanSquaredError), Figures.Text(all.MeanAbsoluteError), ""]
        : [Figures.Text(all.Accuracy), Figures.Text(all.MajorityRate), Figures.Text(all.BalancedAccuracy), Figures.Text(all.Auc), Figures.Text(all.LogLoss)];
}
