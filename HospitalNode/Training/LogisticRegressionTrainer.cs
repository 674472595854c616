using System.Numerics.Tensors;
using FederatedOrleans.Data;
using FederatedOrleans.Models;

namespace FederatedOrleans.Training;

/// <summary>Plain mini-batch SGD on the mean binary cross-entropy of a batch, in double; gradient: the mean of (p - y) x, and of (p - y) for the bias.</summary>
internal sealed class LogisticRegressionTrainer : ITrainer
{
    private const int ReportsPerRound = 100;

    /// <inheritdoc/>
    public TrainingResult Train(TrainingRequest request, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var rows = request.Data.Train;
        var training = request.Plan.Training;
        if (request.Model.Length != request.Data.InputCount + 1)
        {
            throw new ArgumentException($"The model has {request.Model.Length:N0} parameters, {request.Data.InputCount:N0} inputs ask for one more than that.", nameof(request));
        }

        var batches = new BatchIterator(request.Plan, request.Hospital, rows.Count, request.Iterator);
        var steps = training.Steps ?? (training.Epochs ?? 1) * BatchIterator.BatchesPerPass(rows.Count, training.BatchSize);
        var every = Math.Max(1, steps / ReportsPerRound);
        var parameters = new double[request.Model.Length];
        TensorPrimitives.ConvertTruncating<float, double>(request.Model.Span, parameters);
        var gradient = new double[parameters.Length];
        var (loss, seen) = (0.0, 0L);
        for (var step = 1L; step <= steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            request.Gate?.Pass(cancellationToken);
            var batch = batches.Next();
            loss += Step(rows, batch, training.LearningRate, parameters, gradient);
            seen += batch.Length;
            if (!double.IsFinite(loss) || !double.IsFinite(parameters[^1]))
            {
                throw new TrainingDivergedException(step);
            }

            if (step % every == 0 || step == steps)
            {
                progress?.Report(new(step, steps));
            }
        }

        return new()
        {
            Update = Difference(parameters, request.Model, steps),
            NumExamples = rows.Count,
            Next = batches.State,
            MeanLoss = loss / seen,
        };
    }

    // One step; gives the sum of the batch's losses before it.
    private static double Step(PreparedRows rows, ReadOnlySpan<int> batch, double learningRate, Span<double> parameters, Span<double> gradient)
    {
        gradient.Clear();
        var weights = gradient[..^1];
        var loss = 0.0;
        foreach (var row in batch)
        {
            var inputs = rows.Row(row);
            var label = rows.Labels[row];
            var margin = LogisticRegression.Margin(parameters, inputs);
            var error = LogisticRegression.Probability(margin) - label;
            TensorPrimitives.MultiplyAdd(inputs, error, weights, weights);
            gradient[^1] += error;
            loss += LogisticRegression.Loss(margin, label);
        }

        TensorPrimitives.MultiplyAdd(gradient, -learningRate / batch.Length, parameters, parameters);
        return loss;
    }

    private static ParameterVector Difference(ReadOnlySpan<double> parameters, ParameterVector start, long steps)
    {
        var update = new float[parameters.Length];
        for (var i = 0; i < update.Length; i++)
        {
            update[i] = (float)(parameters[i] - start.Span[i]);
        }

        var vector = new ParameterVector(update);
        return vector.IsFinite ? vector : throw new TrainingDivergedException(steps);
    }
}
