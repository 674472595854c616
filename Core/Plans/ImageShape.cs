namespace FederatedOrleans.Plans;

/// <summary>The size of a dataset's images. All are alike; an image of another size is a fault of the data.</summary>
/// <remarks>An image is a row of inputs: channel after channel, each line by line from the top, a value v of 0..255 as (v / 255 - 0.5) / 0.5.</remarks>
/// <param name="Channels">Values a pixel, 1 to 16: 1 of grey, 3 of colour.</param>
/// <param name="Height">Lines, 1 to 4,096.</param>
/// <param name="Width">Pixels a line, 1 to 4,096.</param>
public sealed record ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Inputs of an image.</summary>
    public int Length => Channels * Height * Width;

    /// <summary>As <c>1 x 28 x 28</c>: channels, height, width.</summary>
    public override string ToString() => $"{Channels} x {Height} x {Width}";
}
