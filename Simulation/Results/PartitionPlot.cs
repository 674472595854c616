using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace FederatedOrleans.Simulation.Results;

/// <summary>Training rows of each hospital by class: <c>partition.svg</c>.</summary>
internal static class PartitionPlot
{
    private const int Width = 900;
    private const int Margin = 120;
    private const int HeightOfBar = 24;
    private const int MostHeight = 2_400;

    /// <summary>The drawing, SVG.</summary>
    public static byte[] ToSvg(SimulationResult result)
    {
        var model = SvgFile.NewModel($"{result.Plan.Dataset}: training rows of {result.Hospitals.Length:N0} hospitals, {NameOf(result.Partition)}");
        var places = new CategoryAxis { Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0, GapWidth = 0.3 };
        places.Labels.AddRange(result.Hospitals.Select(hospital => hospital.Group is null ? hospital.Hospital : SvgFile.Label($"{hospital.Hospital} ({hospital.Group})")));
        model.Axes.Add(places);
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "training rows", AxisTitleDistance = SvgFile.TitleDistance, AbsoluteMinimum = 0, MinimumPadding = 0, MajorGridlineStyle = LineStyle.Dot });
        var classes = result.Plan.Classes;
        if (classes.IsEmpty)
        {
            model.Series.Add(Bars("rows", OxyColors.SteelBlue, result.Hospitals.Select(hospital => (long)hospital.TrainRows)));
        }
        else
        {
            model.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop });
            foreach (var (index, name) in classes.Index())
            {
                model.Series.Add(Bars(name, model.DefaultColors[index % model.DefaultColors.Count], result.Hospitals.Select(hospital => hospital.LabelCounts[index])));
            }
        }

        return SvgFile.Write(model, Width, Math.Min(MostHeight, Margin + (HeightOfBar * result.Hospitals.Length)));
    }

    private static string NameOf(PartitionResult partition) =>
        FormattableString.Invariant($"{partition.Kind.ToString().ToLowerInvariant()}{(partition.Alpha is { } alpha ? $" {alpha}" : partition.Column is { } column ? $" {column}" : "")}");

    private static BarSeries Bars(string title, OxyColor colour, IEnumerable<long> rows)
    {
        var bars = new BarSeries { Title = SvgFile.Label(title), FillColor = colour, IsStacked = true, StrokeThickness = 0.5 };
        bars.Items.AddRange(rows.Select(count => new BarItem(count)));
        return bars;
    }
}
