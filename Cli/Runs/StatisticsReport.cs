using FederatedOrleans.Cli.Output;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Cli.Runs;

/// <summary>What a statistics round has brought, as people and machines read it.</summary>
internal static class StatisticsReport
{
    private static readonly double[] Quartiles = [0.25, 0.5, 0.75];

    public static void Show(CliOutput output, DatasetStatistics statistics, bool json)
    {
        FeatureStatistics[] all = [.. statistics.Features, .. statistics.Label is { } label ? [label] : Array.Empty<FeatureStatistics>()];
        if (json)
        {
            output.Json(new
            {
                statistics.Rows,
                Features = statistics.Features.Select(Shape),
                Label = statistics.Label is null ? null : Shape(statistics.Label),
            });
            return;
        }

        output.Line($"{statistics.Rows:N0} training rows of all hospitals together. Withheld: hospitals whose counts were in part too small to leave them.");
        output.Table(
            ["feature", "rows", "missing", "mean", "deviation", "quartiles", "levels", "withheld"],
            all.Select(feature => (string?[])
            [
                feature.Name,
                $"{feature.Present:N0}",
                $"{feature.Missing + feature.Undeclared:N0}",
                $"{feature.Mean:G6}",
                $"{feature.Deviation:G6}",
                string.Join(' ', Quartiles.Select(feature.Quantile).OfType<double>().Select(quantile => quantile.ToString("G4"))),
                string.Join(", ", feature.Levels.Zip(feature.LevelRows, (level, rows) => $"{level} {rows:N0}")),
                feature.Withheld == 0 ? "" : $"{feature.Withheld:N0}",
            ]));
    }

    private static object Shape(FeatureStatistics feature) => new
    {
        feature.Name,
        feature.Present,
        feature.Missing,
        feature.Undeclared,
        feature.Withheld,
        feature.Mean,
        feature.Deviation,
        Quartiles = feature.Bins.IsEmpty ? null : Quartiles.Select(feature.Quantile).ToArray(),
        feature.Range,
        feature.Bins,
        Levels = feature.Levels.Zip(feature.LevelRows, (level, rows) => new { Level = level, Rows = rows }).ToArray(),
    };
}
