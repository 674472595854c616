using FederatedOrleans.Evaluation;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace FederatedOrleans.Simulation.Results;

/// <summary>What each committed version is worth at each hospital: <c>rounds.svg</c>.</summary>
internal static class RoundsPlot
{
    // More lines than that are a ball of wool: a band from the worst hospital to the best stands for them.
    private const int MostLines = 12;
    private const int Width = 900;
    private const int HeightOfPanel = 320;
    private const double Gap = 0.06;

    /// <summary>The drawing, SVG.</summary>
    public static byte[] ToSvg(SimulationResult result)
    {
        var versions = result.Versions.Where(version => version.Hospitals.Count > 0).ToArray();
        var isNumeric = versions[0].Hospitals.Values.All(metrics => metrics.Regression is not null);
        (string Title, Func<EvaluationMetrics, double> Of, Func<PooledMetrics, double?> Pooled)[] panels = isNumeric
            ? [("root mean squared error", metrics => metrics.Regression!.RootMeanSquaredError, all => all.RootMeanSquaredError)]
            : [("log loss (nats)", metrics => metrics.LogLoss, all => all.LogLoss), ("accuracy", metrics => metrics.Accuracy, all => all.Accuracy)];
        var model = SvgFile.NewModel($"{result.Plan.Name}: test rows of {result.Hospitals.Length:N0} hospitals");
        model.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "round", MinimumMajorStep = 1, AxisTitleDistance = SvgFile.TitleDistance, MajorGridlineStyle = LineStyle.Dot });
        foreach (var (panel, (title, of, pooled)) in panels.Index())
        {
            model.Axes.Add(new LinearAxis
            {
                Key = title,
                Position = AxisPosition.Left,
                Title = title,
                StartPosition = ((double)panel / panels.Length) + (panel == 0 ? 0 : Gap / 2),
                EndPosition = ((panel + 1.0) / panels.Length) - (panel == panels.Length - 1 ? 0 : Gap / 2),
                MajorGridlineStyle = LineStyle.Dot,
                AxisTitleDistance = SvgFile.TitleDistance,
            });

            // Hospitals have one colour and one line of the legend, whatever the panel.
            var isLast = panel == panels.Length - 1;
            foreach (var series in result.Hospitals.Length <= MostLines ? LinesOf(result, versions, of, model.DefaultColors) : [BandOf(versions, of)])
            {
                series.YAxisKey = title;
                series.RenderInLegend = isLast;
                model.Series.Add(series);
            }

            var all = Line("all rows", versions.Select(version => (version.Version, version.Pooled is { } known ? pooled(known) : null)));
            (all.YAxisKey, all.RenderInLegend, all.Color, all.StrokeThickness) = (title, isLast, OxyColors.Black, 2.5);
            model.Series.Add(all);
        }

        return SvgFile.Write(model, Width, HeightOfPanel * panels.Length);
    }

    private static IEnumerable<XYAxisSeries> LinesOf(SimulationResult result, VersionResult[] versions, Func<EvaluationMetrics, double> of, IList<OxyColor> colours)
    {
        foreach (var (index, hospital) in result.Hospitals.Index())
        {
            var line = Line(hospital.Hospital, versions.Select(version => (version.Version, version.Hospitals.TryGetValue(hospital.Hospital, out var metrics) ? of(metrics) : (double?)null)));
            line.Color = colours[index % colours.Count];
            yield return line;
        }
    }

    private static AreaSeries BandOf(VersionResult[] versions, Func<EvaluationMetrics, double> of)
    {
        var band = new AreaSeries { Title = "worst to best", Color = OxyColors.SteelBlue, Fill = OxyColor.FromAColor(60, OxyColors.SteelBlue), StrokeThickness = 0.5 };
        foreach (var version in versions)
        {
            band.Points.Add(new(version.Version, version.Hospitals.Values.Min(of)));
            band.Points2.Add(new(version.Version, version.Hospitals.Values.Max(of)));
        }

        return band;
    }

    private static LineSeries Line(string title, IEnumerable<(int Version, double? Value)> points)
    {
        var line = new LineSeries { Title = title, StrokeThickness = 1.2, MarkerType = MarkerType.Circle, MarkerSize = 2 };
        line.Points.AddRange(points.Select(point => new DataPoint(point.Version, point.Value ?? double.NaN)));
        return line;
    }
}
