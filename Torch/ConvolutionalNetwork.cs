using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Tensor = TorchSharp.torch.Tensor;

namespace FederatedOrleans.Training;

/// <summary>A plan's convolutional network in libtorch. All its parameters are one pinned array: the vector of the plan's model. Not safe for concurrent use.</summary>
internal sealed class ConvolutionalNetwork : IDisposable
{
    private readonly float[] _flat;
    private readonly Tensor _all;
    private readonly ImmutableArray<Tensor> _tensors;
    private readonly ImmutableArray<LayerPlan> _layers;
    private readonly ImageShape _image;

    /// <summary>A network of the plan's layers.</summary>
    /// <param name="plan">The plan; it must have been validated.</param>
    /// <param name="learns">Whether gradients will be asked for.</param>
    public ConvolutionalNetwork(TrainingPlan plan, bool learns)
    {
        Schema = ModelSchema.For(plan);
        (_layers, _image) = (plan.Model.Layers, plan.Dataset.Schema.Image!);
        _flat = GC.AllocateArray<float>(Schema.Length, pinned: true);
        _all = frombuffer(_flat, ScalarType.Float32);

        // Views of it are leaves of the graph: what is written to the array is what they hold.
        _tensors =
        [
            .. Schema.Tensors.Select(tensor => _all.narrow(0, tensor.Offset, tensor.Length)
                .view([.. tensor.Shape.Select(extent => (long)extent)])
                .requires_grad_(learns)),
        ];
    }

    /// <summary>The tensors of the model.</summary>
    public ModelSchema Schema { get; }

    /// <summary>Takes other parameters.</summary>
    public void Load(ReadOnlySpan<float> parameters) => parameters.CopyTo(_flat);

    /// <summary>Takes other parameters, rounded to float32.</summary>
    public void Load(ReadOnlySpan<double> parameters) => TensorPrimitives.ConvertTruncating(parameters, _flat);

    /// <summary>What comes out for a batch: the sums before sigmoid or softmax, a row an image.</summary>
    /// <param name="inputs">Images of the plan's shape, one after the other.</param>
    /// <param name="count">How many.</param>
    public Tensor Forward(float[] inputs, int count)
    {
        var values = frombuffer(inputs, ScalarType.Float32).narrow(0, 0, (long)count * _image.Length)
            .view(count, _image.Channels, _image.Height, _image.Width);
        var next = 0;
        foreach (var layer in _layers)
        {
            values = layer.Type switch
            {
                Layers.Convolution => functional.conv2d(
                    values, _tensors[next++], _tensors[next++], strides: [layer.Stride, layer.Stride], padding: [layer.Padding, layer.Padding]),
                Layers.Relu => functional.relu(values),
                Layers.Tanh => functional.tanh(values),
                Layers.MaxPool => functional.max_pool2d(values, layer.Size, layer.Size),
                Layers.AveragePool => functional.avg_pool2d(values, layer.Size, layer.Size),
                Layers.Linear => functional.linear(values.flatten(1), _tensors[next++], _tensors[next++]),
                _ => throw new InvalidOperationException($"There is no layer '{layer.Type}'."),
            };
        }

        return functional.linear(values.flatten(1), _tensors[next], _tensors[next + 1]);
    }

    /// <summary>Adds the gradients of the last backward pass to a vector, and forgets them.</summary>
    public void TakeGradient(Span<double> gradient)
    {
        Span<double> wide = stackalloc double[256];
        foreach (var (spec, tensor) in Schema.Tensors.Zip(_tensors))
        {
            var found = tensor.grad ?? throw new InvalidOperationException("No gradient was asked for.");
            var values = MemoryMarshal.Cast<byte, float>(found.contiguous().bytes);
            var sums = gradient.Slice(spec.Offset, spec.Length);
            for (var start = 0; start < values.Length; start += wide.Length)
            {
                var part = values.Slice(start, Math.Min(wide.Length, values.Length - start));
                TensorPrimitives.ConvertTruncating(part, wide);
                TensorPrimitives.Add<double>(sums.Slice(start, part.Length), wide[..part.Length], sums.Slice(start, part.Length));
            }

            found.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor.Dispose();
        }

        _all.Dispose();
    }
}
