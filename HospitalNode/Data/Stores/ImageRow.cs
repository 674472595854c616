using System.Globalization;

namespace FederatedOrleans.Data;

/// <summary>An image and its label. One object for all images of an array.</summary>
/// <param name="source">Name of the array.</param>
/// <param name="pixels">The image, lines of pixels with their channels together; it is filled before <see cref="Take"/>.</param>
/// <param name="channels">Values a pixel.</param>
internal sealed class ImageRow(string source, byte[] pixels, int channels) : StoreRow
{
    private const float Half = 127.5f;
    private long _image;
    private byte _label;

    /// <summary>The bytes of the image.</summary>
    public byte[] Pixels => pixels;

    /// <inheritdoc/>
    public override string Place => $"{source} image {_image.ToString(CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public override int CellCount => 1;

    /// <summary>Makes it the row of an image.</summary>
    public void Take(long image, byte label) => (_image, _label) = (image, label);

    /// <inheritdoc/>
    public override bool IsMissing(int cell) => false;

    /// <inheritdoc/>
    public override double? Number(int cell) => _label;

    /// <inheritdoc/>
    public override string Text(int cell) => _label.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override void Image(Span<float> inputs)
    {
        // The archive has the channels of a pixel together, the model takes channel after channel.
        var plane = pixels.Length / channels;
        for (var channel = 0; channel < channels; channel++)
        {
            for (var pixel = 0; pixel < plane; pixel++)
            {
                inputs[(channel * plane) + pixel] = (pixels[(pixel * channels) + channel] - Half) / Half;
            }
        }
    }
}
