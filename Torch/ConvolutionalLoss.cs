using FederatedOrleans.Data;
using FederatedOrleans.Plans;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FederatedOrleans.Training;

/// <summary>The loss of a convolutional network on images: binary cross-entropy of one output's sigmoid, the cross-entropy of the softmax over a class an output, or half the squared error of a numeric label.</summary>
/// <remarks>
/// Forward and backward in float32; the parameters between the steps, and the steps themselves, are the trainer's in double, so that every local objective
/// goes with it.
/// </remarks>
internal sealed class ConvolutionalLoss : ILossFunction, IDisposable
{
    private readonly ConvolutionalNetwork _network;
    private readonly LabelKind _label;
    private readonly float[] _inputs;
    private readonly float[] _labels;

    /// <param name="plan">The plan.</param>
    /// <param name="rows">Training rows: no batch is larger.</param>
    /// <param name="threads">Threads that libtorch may use.</param>
    public ConvolutionalLoss(TrainingPlan plan, int rows, int threads)
    {
        var largest = Math.Min(plan.Training.BatchSize, rows);
        set_num_threads(threads);
        _network = new(plan, learns: true);
        _label = plan.Dataset.Schema.LabelKind;
        _inputs = GC.AllocateArray<float>(checked(largest * plan.Dataset.Schema.InputCount), pinned: true);
        _labels = new float[largest];
    }

    /// <inheritdoc/>
    public double AddGradient(ReadOnlySpan<double> parameters, PreparedRows rows, ReadOnlySpan<int> batch, Span<double> gradient)
    {
        // What libtorch makes is freed at the end of each batch, not when the collector comes by.
        using var scope = NewDisposeScope();
        _network.Load(parameters);
        Batches.Fill(rows, batch, _inputs, _labels);
        var sums = _network.Forward(_inputs, batch.Length);
        var labels = tensor(_labels.AsMemory(0, batch.Length).ToArray());
        var loss = _label switch
        {
            LabelKind.Binary => functional.binary_cross_entropy_with_logits(sums.view(-1), labels, reduction: Reduction.Sum),
            LabelKind.Categorical => functional.cross_entropy(sums, labels.to(ScalarType.Int64), reduction: Reduction.Sum),
            _ => functional.mse_loss(sums.view(-1), labels, reduction: Reduction.Sum) / 2,
        };
        loss.backward();
        _network.TakeGradient(gradient);
        return loss.item<float>();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
