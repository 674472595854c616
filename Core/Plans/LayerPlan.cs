namespace FederatedOrleans.Plans;

/// <summary>One layer of a convolutional network as a plan declares it. What a kind of layer does not have is 0.</summary>
public sealed record LayerPlan
{
    /// <summary>What it does: see <see cref="Models.Layers"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Channels that come out of a convolution, 1 to 1,024.</summary>
    public int Channels { get; init; }

    /// <summary>Height and width of a convolution's kernel, 1 to 31.</summary>
    public int Kernel { get; init; }

    /// <summary>Pixels from one place of a convolution's kernel to the next, 1 to 16.</summary>
    public int Stride { get; init; }

    /// <summary>Lines and columns of zeros that a convolution adds on each side, 0 to 15 and less than its kernel.</summary>
    public int Padding { get; init; }

    /// <summary>Height and width of a pool, and from one pool to the next, 2 to 16.</summary>
    public int Size { get; init; }

    /// <summary>Units of a linear layer, 1 to 4,096.</summary>
    public int Units { get; init; }
}
