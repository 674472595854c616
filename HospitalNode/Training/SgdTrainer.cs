using System.Numerics.Tensors;
using FederatedOrleans.Models;
using FederatedOrleans.Objectives;

namespace FederatedOrleans.Training;

/// <summary>Mini-batch SGD in double on the mean loss of a batch, its gradient adjusted by the plan's local objective.</summary>
/// <param name="createLoss">Makes the loss of the kind of model that it trains; disposed of after each training where it has to be.</param>
internal sealed class SgdTrainer(Func<TrainingRequest, ILossFunction> createLoss) : ITrainer
{
    private const int ReportsPerRound = 100;

    /// <inheritdoc/>
    public TrainingResult Train(TrainingRequest request, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var rows = request.Data.Train.Open();
        var training = request.Plan.Training;
        var length = ModelSchema.For(request.Plan).Length;
        if (request.Model.Length != length || request.Start is { } start && start.Length != length)
        {
            throw new ArgumentException($"The model has {request.Model.Length:N0} parameters, the plan's {length:N0}.", nameof(request));
        }

        var batches = new BatchIterator(request.Plan, request.Hospital, rows.Count, request.Iterator);
        var steps = LocalWork.Steps(training, rows.Count);
        var rate = LearningRateSchedules.RateAt(request.Plan, request.Round);
        var every = Math.Max(1, steps / ReportsPerRound);
        var objective = ObjectiveOf(request);
        var parameters = new double[length];
        TensorPrimitives.ConvertTruncating<float, double>((request.Start ?? request.Model).Span, parameters);
        var gradient = new double[length];
        var velocity = training.Momentum > 0 ? new double[length] : [];
        var loss = createLoss(request);
        using var held = loss as IDisposable;
        var (sum, seen) = (0.0, 0L);
        for (var step = 1L; step <= steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            request.Gate?.Pass(cancellationToken);
            var batch = batches.Next();
            Array.Clear(gradient);
            sum += loss.AddGradient(parameters, rows, batch, gradient);
            seen += batch.Length;
            objective.Adjust(gradient, batch.Length, parameters);
            if (training.Momentum > 0)
            {
                TensorPrimitives.Multiply(velocity, training.Momentum, velocity);
                TensorPrimitives.MultiplyAdd(gradient, 1.0 / batch.Length, velocity, velocity);
                TensorPrimitives.MultiplyAdd(velocity, -rate, parameters, parameters);
            }
            else
            {
                TensorPrimitives.MultiplyAdd(gradient, -rate / batch.Length, parameters, parameters);
            }

            if (!double.IsFinite(sum) || !double.IsFinite(parameters[^1]))
            {
                throw new TrainingDivergedException(step);
            }

            if (step % every == 0 || step == steps)
            {
                progress?.Report(new(step, steps));
            }
        }

        // From here on the parameters are how far they went.
        TensorPrimitives.Subtract<double>(parameters, Widened(request.Model), parameters);
        var own = (objective as Scaffold)?.Next(parameters, rate * steps);
        return new()
        {
            Update = UpdateOf(parameters, own, request.OwnControl, steps),
            NumExamples = rows.Count,
            Next = batches.State,
            MeanLoss = sum / seen,
            OwnControl = own,
        };
    }

    private static ILocalObjective ObjectiveOf(TrainingRequest request) => request.Plan.Training.Objective switch
    {
        { Name: OwnLoss.PolicyName } => new OwnLoss(),
        { Name: FedProx.PolicyName } plan => new FedProx(request.Model, plan.Mu),
        { Name: Scaffold.PolicyName } => new Scaffold(
            request.Control ?? ParameterVector.Zeros(request.Model.Length), request.OwnControl ?? ParameterVector.Zeros(request.Model.Length)),
        var plan => throw new ArgumentException($"Unknown local objective '{plan.Name}'.", nameof(request)),
    };

    private static double[] Widened(ParameterVector vector)
    {
        var wide = new double[vector.Length];
        TensorPrimitives.ConvertTruncating<float, double>(vector.Span, wide);
        return wide;
    }

    /// <summary>y - x, and c_k' - c_k after it where there are control variates.</summary>
    private static ParameterVector UpdateOf(ReadOnlySpan<double> moved, ParameterVector? own, ParameterVector? before, long steps)
    {
        var update = new float[own is null ? moved.Length : 2 * moved.Length];
        TensorPrimitives.ConvertTruncating(moved, update.AsSpan(0, moved.Length));
        if (own is not null)
        {
            var change = update.AsSpan(moved.Length);
            own.Span.CopyTo(change);
            if (before is not null)
            {
                TensorPrimitives.Subtract(change, before.Span, change);
            }
        }

        var vector = new ParameterVector(update);
        return vector.IsFinite ? vector : throw new TrainingDivergedException(steps);
    }
}
