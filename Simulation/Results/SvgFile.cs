using System.Xml;
using OxyPlot;

namespace FederatedOrleans.Simulation.Results;

/// <summary>Drawings as SVG, which needs no fonts and no graphics library on the machine that writes it.</summary>
internal static class SvgFile
{
    /// <summary>Between an axis's figures and its title.</summary>
    public const double TitleDistance = 12;

    /// <summary>A drawing to be filled.</summary>
    public static PlotModel NewModel(string title) => new()
    {
        Title = Label(title),
        TitleFontSize = 14,

        // Widths are those of Helvetica: what stands in for it is about as wide, a serif font is not.
        DefaultFont = "Helvetica, Arial, sans-serif",
        Background = OxyColors.White,
        PlotAreaBorderColor = OxyColors.Gray,
        Culture = System.Globalization.CultureInfo.InvariantCulture,
    };

    /// <summary>A text as an SVG may hold it: what comes from data may hold characters that no XML does.</summary>
    public static string Label(string text) => string.Concat(text.Select(character => XmlConvert.IsXmlChar(character) ? character : ' '));

    /// <summary>Its bytes.</summary>
    public static byte[] Write(PlotModel model, double width, double height)
    {
        using var stream = new MemoryStream();
        new SvgExporter { Width = width, Height = height, UseVerticalTextAlignmentWorkaround = true, TextMeasurer = new PixelMeasurer() }.Export(model, stream);
        return stream.ToArray();
    }
}
