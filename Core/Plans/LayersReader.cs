using System.Collections.Immutable;
using FederatedOrleans.Json;
using FederatedOrleans.Models;

namespace FederatedOrleans.Plans;

/// <summary>Reads the layers of a plan's convolutional network.</summary>
internal static class LayersReader
{
    private const int MostLayers = 64;
    private const int MostChannels = 1024;
    private const int MostUnits = 4096;
    private const int MostKernel = 31;
    private const int MostStride = 16;

    public static ImmutableArray<LayerPlan> Read(JsonObjectReader model)
    {
        var layers = ImmutableArray.CreateBuilder<LayerPlan>();
        if (model.Items("layers") is not { } items)
        {
            return [];
        }

        if (items.Length is 0 or > MostLayers)
        {
            model.Fault("layers", $"must hold 1 to {MostLayers} layers; the outputs, which follow from the label, are not among them");
            return [];
        }

        layers.AddRange(model.Objects("layers").Select(ReadLayer));

        return layers.ToImmutable();
    }

    private static LayerPlan ReadLayer(JsonObjectReader reader)
    {
        var type = reader.Choice("type", Layers.Names, required: true);
        var isConvolution = type == Layers.Convolution;
        var isPool = type is Layers.MaxPool or Layers.AveragePool;
        var layer = new LayerPlan
        {
            Type = type ?? Layers.Relu,
            Channels = reader.WholeInt32("channels", 1, MostChannels, required: isConvolution) ?? (isConvolution ? 1 : 0),
            Kernel = reader.WholeInt32("kernel", 1, MostKernel, required: isConvolution) ?? (isConvolution ? 1 : 0),
            Stride = reader.WholeInt32("stride", 1, MostStride) ?? (isConvolution ? 1 : 0),
            Padding = reader.WholeInt32("padding", 0, MostKernel / 2) ?? 0,
            Size = reader.WholeInt32("size", 2, MostStride) ?? (isPool ? 2 : 0),
            Units = reader.WholeInt32("units", 1, MostUnits, required: type == Layers.Linear) ?? (type == Layers.Linear ? 1 : 0),
        };
        foreach (var member in new[] { "channels", "kernel", "stride", "padding" })
        {
            reader.OnlyFor(type, member, Layers.Convolution);
        }

        reader.OnlyFor(type, "size", Layers.MaxPool, Layers.AveragePool);
        reader.OnlyFor(type, "units", Layers.Linear);
        if (isConvolution && layer.Padding >= layer.Kernel && reader.Has("kernel"))
        {
            reader.Fault("padding", $"is {layer.Padding}: it must be smaller than the kernel, which is {layer.Kernel}");
        }

        reader.Finish();
        return layer;
    }
}
