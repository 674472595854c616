using OxyPlot;

namespace FederatedOrleans.Simulation.Results;

/// <summary>Tells how large texts are in an SVG: the metrics that the library has built in are of points, an SVG's sizes are pixels.</summary>
internal sealed class PixelMeasurer() : PdfRenderContext(1, 1, OxyColors.White)
{
    private const double PixelsAPoint = 96.0 / 72.0;

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight) =>
        base.MeasureText(text, fontFamily, fontSize * PixelsAPoint, fontWeight);
}
