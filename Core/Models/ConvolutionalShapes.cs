using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Models;

/// <summary>What goes through a convolutional network, layer by layer: which layers fit on an image, and the tensors they have.</summary>
public static class ConvolutionalShapes
{
    /// <summary>Most values that there may be of a batch at any place: 1 GiB of them.</summary>
    public const int MostValuesOfBatch = 1 << 28;

    /// <summary>Most values that may come out of a layer for one image.</summary>
    public const int MostValues = 1 << 24;

    /// <summary>The first thing that is wrong with the layers of a plan; null where they fit.</summary>
    /// <param name="image">What goes into the first layer.</param>
    /// <param name="layers">The layers, without the outputs.</param>
    public static (int Layer, string Message)? Fault(ImageShape image, ImmutableArray<LayerPlan> layers)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (shape, isFlat) = (image, false);
        foreach (var (index, layer) in layers.Index())
        {
            if (isFlat && layer.Type is (Layers.Convolution or Layers.MaxPool or Layers.AveragePool))
            {
                return (index, $"is {layer.Type}, which needs an image; after {Layers.Linear} there is none");
            }

            var next = After(shape, layer);
            if (next.Height < 1 || next.Width < 1)
            {
                return (index, $"is {layer.Type} on {shape}, of which nothing is left; take fewer or smaller ones");
            }

            if ((long)next.Channels * next.Height * next.Width > MostValues)
            {
                return (index, $"would give more than {MostValues:N0} values an image");
            }

            isFlat |= layer.Type == Layers.Linear;
            shape = next;
        }

        return null;
    }

    /// <summary>The most values that there are of one image at any place: before, between or after the layers, which must fit.</summary>
    public static int Largest(ImageShape image, ImmutableArray<LayerPlan> layers)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (shape, largest) = (image, image.Length);
        foreach (var layer in layers)
        {
            shape = After(shape, layer);
            largest = Math.Max(largest, shape.Length);
        }

        return largest;
    }

    /// <summary>What comes out of a layer. Values without a place are channels of one pixel.</summary>
    public static ImageShape After(ImageShape before, LayerPlan layer)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Type switch
        {
            Layers.Convolution => new(layer.Channels, Places(before.Height, layer), Places(before.Width, layer)),
            Layers.MaxPool or Layers.AveragePool => before with { Height = before.Height / layer.Size, Width = before.Width / layer.Size },
            Layers.Linear => new(layer.Units, 1, 1),
            _ => before,
        };
    }

    /// <summary>The tensors of a network: <c>layer1.weights</c>, <c>layer1.bias</c> and so on of the layers that have any, the outputs last.</summary>
    /// <param name="image">What goes into the first layer.</param>
    /// <param name="layers">The layers, without the outputs; they must fit.</param>
    /// <param name="outputs">Outputs: 1 for a binary label, or one a class.</param>
    public static ModelSchema SchemaOf(ImageShape image, ImmutableArray<LayerPlan> layers, int outputs)
    {
        ArgumentNullException.ThrowIfNull(image);
        var tensors = new List<(string, ImmutableArray<int>)>();
        var shape = image;
        foreach (var layer in layers.Add(new() { Type = Layers.Linear, Units = outputs }))
        {
            var name = $"layer{(tensors.Count / 2) + 1}";
            if (layer.Type == Layers.Convolution)
            {
                tensors.Add(($"{name}.weights", [layer.Channels, shape.Channels, layer.Kernel, layer.Kernel]));
                tensors.Add(($"{name}.bias", [layer.Channels]));
            }
            else if (layer.Type == Layers.Linear)
            {
                tensors.Add(($"{name}.weights", [layer.Units, shape.Length]));
                tensors.Add(($"{name}.bias", [layer.Units]));
            }

            shape = After(shape, layer);
        }

        return ModelSchema.Of([.. tensors]);
    }

    private static int Places(int extent, LayerPlan layer)
    {
        var room = extent + (2 * layer.Padding) - layer.Kernel;
        return room < 0 ? 0 : (room / layer.Stride) + 1;
    }
}
