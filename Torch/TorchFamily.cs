using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using TorchSharp;
using static TorchSharp.torch;

namespace FederatedOrleans.Training;

/// <summary>Convolutional networks by libtorch.</summary>
internal sealed class TorchFamily : IModelFamily
{
    private const int RowsABatch = 256;
    private const int ValuesABatch = 1 << 26;

    /// <inheritdoc/>
    public ImmutableArray<string> Kinds { get; } = [ModelKinds.ConvolutionalNetwork];

    /// <inheritdoc/>
    public void Load()
    {
        LibTorchEnvironment.Prepare();
        using var one = ones(1);
        using var two = one + one;
        if (two.item<float>() != 2)
        {
            throw new InvalidOperationException("libtorch gave a wrong sum.");
        }
    }

    /// <inheritdoc/>
    public ITrainer TrainerOf(TrainingPlan plan)
    {
        LibTorchEnvironment.Prepare();
        return new SgdTrainer(request => new ConvolutionalLoss(plan, request.Data.Train.Count, request.MaxThreads));
    }

    /// <inheritdoc/>
    public double[] Predict(TrainingPlan plan, ParameterVector model, PreparedRows rows, CancellationToken cancellationToken)
    {
        LibTorchEnvironment.Prepare();

        // Another number would change the last bits of what comes out, and with them which node says what.
        set_num_threads(1);
        using var network = new ConvolutionalNetwork(plan, learns: false);
        network.Load(model.Span);
        var outputs = ModelSchema.OutputCount(plan);
        var probabilities = new double[checked(rows.Count * outputs)];

        // What lies between two layers is as large as the largest of them.
        var largest = ConvolutionalShapes.Largest(plan.Dataset.Schema.Image!, plan.Model.Layers);
        var batchRows = Math.Clamp(ValuesABatch / largest, 1, RowsABatch);
        var inputs = GC.AllocateArray<float>(batchRows * rows.InputCount, pinned: true);
        var labels = new float[batchRows];
        var reader = rows.Open();
        for (var start = 0; start < rows.Count; start += batchRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var silent = no_grad();
            int[] batch = [.. Enumerable.Range(start, Math.Min(batchRows, rows.Count - start))];
            Batches.Fill(reader, batch, inputs, labels);
            var sums = network.Forward(inputs, batch.Length).to(ScalarType.Float64);
            var given = plan.Dataset.Schema.LabelKind switch
            {
                LabelKind.Binary => sigmoid(sums),
                LabelKind.Categorical => softmax(sums, 1),
                _ => sums,
            };
            given.data<double>().CopyTo(probabilities, start * outputs);
        }

        return probabilities;
    }
}
