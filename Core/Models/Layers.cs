using System.Collections.Immutable;

namespace FederatedOrleans.Models;

/// <summary>The layers that a convolutional network may be made of.</summary>
public static class Layers
{
    /// <summary>A convolution (cross-correlation) over all channels, with a bias.</summary>
    public const string Convolution = "conv";

    /// <summary>max(0, z), value by value.</summary>
    public const string Relu = "relu";

    /// <summary>tanh(z), value by value.</summary>
    public const string Tanh = "tanh";

    /// <summary>The largest value of each square, channel by channel; lines and columns left over are left out.</summary>
    public const string MaxPool = "max-pool";

    /// <summary>The mean of each square, likewise.</summary>
    public const string AveragePool = "average-pool";

    /// <summary>W a + b over all values of the layer before, channel after channel, line by line.</summary>
    public const string Linear = "linear";

    /// <summary>Every layer there is.</summary>
    public static ImmutableArray<string> Names { get; } = [Convolution, Relu, Tanh, MaxPool, AveragePool, Linear];
}
