using FederatedOrleans.Json;

namespace FederatedOrleans.Plans;

/// <summary>Reads the shape of images, wherever it is written: in a plan, or in the description of a hospital's dataset.</summary>
public static class ImageShapeReader
{
    private const int MostChannels = 16;
    private const int MostPixels = 4096;
    private const int MostValues = 1 << 24;

    /// <summary>The shape in the member <c>image</c>; null where there is none, with a harmless shape where it is at fault.</summary>
    public static ImageShape? Read(JsonObjectReader parent)
    {
        ArgumentNullException.ThrowIfNull(parent);
        if (parent.Object("image") is not { } reader)
        {
            return null;
        }

        var shape = new ImageShape(
            reader.WholeInt32("channels", 1, MostChannels) ?? 1,
            reader.WholeInt32("height", 1, MostPixels, required: true) ?? 1,
            reader.WholeInt32("width", 1, MostPixels, required: true) ?? 1);
        if ((long)shape.Channels * shape.Height * shape.Width > MostValues)
        {
            reader.Fault("width", $"gives images of {(long)shape.Channels * shape.Height * shape.Width:N0} values; at most {MostValues:N0} are possible");
            shape = new(1, 1, 1);
        }

        reader.Finish();
        return shape;
    }
}
