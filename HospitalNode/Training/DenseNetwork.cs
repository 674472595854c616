using System.Collections.Immutable;
using System.Numerics.Tensors;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>Layers of sums and an activation between them; without a hidden layer softmax regression. Not safe for concurrent use.</summary>
/// <remarks>
/// z = W a + b a layer, a the activations of the one before; the loss is the binary cross-entropy of one output's sigmoid, or the cross-entropy of
/// the softmax over a class an output, whose gradient by z is p - y in both; of a numeric label (z - y)^2 / 2, whose gradient is z - y. In double; rows
/// one after the other, so that a batch's gradient is a sum in the order of its rows.
/// </remarks>
internal sealed class DenseNetwork : ILossFunction
{
    private readonly ImmutableArray<int> _sizes;
    private readonly bool _isTanh;
    private readonly bool _isNumeric;

    // Of each layer: where its weights and its bias lie in the parameters, what comes out of it, and the loss's gradient by its sums.
    private readonly int[] _weights;
    private readonly double[][] _outputs;
    private readonly double[][] _errors;

    /// <param name="sizes">Sizes of the layers, the inputs first and the outputs last: one output for a binary or numeric label, or one a class.</param>
    /// <param name="activation">Of <see cref="Activations"/>; without a hidden layer it does not matter.</param>
    /// <param name="isNumeric">Whether its one output is the value of a numeric label.</param>
    public DenseNetwork(ImmutableArray<int> sizes, string activation, bool isNumeric = false)
    {
        (_sizes, _isTanh, _isNumeric) = (sizes, activation == Activations.Tanh, isNumeric);
        var layers = sizes.Length - 1;
        (_weights, _outputs, _errors) = (new int[layers], new double[layers][], new double[layers][]);
        var offset = 0;
        for (var layer = 0; layer < layers; layer++)
        {
            _weights[layer] = offset;
            offset += (sizes[layer] + 1) * sizes[layer + 1];
            (_outputs[layer], _errors[layer]) = (new double[sizes[layer + 1]], new double[sizes[layer + 1]]);
        }

        Length = offset;
    }

    /// <summary>Number of parameters.</summary>
    public int Length { get; }

    /// <summary>The network of a plan's model.</summary>
    public static DenseNetwork For(TrainingPlan plan) => new(
        ModelSchema.LayerSizes(plan),
        plan.Model.Activation,
        plan.Dataset.Schema.LabelKind == LabelKind.Numeric);

    /// <inheritdoc/>
    public double AddGradient(ReadOnlySpan<double> parameters, PreparedRows rows, ReadOnlySpan<int> batch, Span<double> gradient)
    {
        var loss = 0.0;
        foreach (var row in batch)
        {
            var inputs = rows.Row(row);
            Forward(parameters, inputs);
            loss += Lose(rows.Label(row));
            Back(parameters, inputs, gradient);
        }

        return loss;
    }

    /// <summary>What a model predicts for a row: the probability of the positive label, that of each class, or the value of a numeric label.</summary>
    /// <param name="parameters">The model.</param>
    /// <param name="inputs">A row.</param>
    /// <param name="predictions">Receives one, or one a class.</param>
    public void Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs, Span<double> predictions)
    {
        Forward(parameters, inputs);
        var sums = _outputs[^1];
        if (sums.Length == 1)
        {
            predictions[0] = _isNumeric ? sums[0] : LogisticRegression.Probability(sums[0]);
        }
        else
        {
            Softmax(sums, predictions);
        }
    }

    private void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs)
    {
        var before = inputs;
        for (var layer = 0; layer < _outputs.Length; layer++)
        {
            var (width, outputs) = (_sizes[layer], _outputs[layer]);
            var bias = parameters.Slice(_weights[layer] + (width * outputs.Length), outputs.Length);
            for (var unit = 0; unit < outputs.Length; unit++)
            {
                outputs[unit] = TensorPrimitives.Dot(parameters.Slice(_weights[layer] + (unit * width), width), before) + bias[unit];
            }

            if (layer < _outputs.Length - 1)
            {
                Activate(outputs);
            }

            before = outputs;
        }
    }

    private void Activate(Span<double> sums)
    {
        if (_isTanh)
        {
            // One at a time: vectors of other widths may differ in their last bits.
            foreach (ref var sum in sums)
            {
                sum = Math.Tanh(sum);
            }
        }
        else
        {
            TensorPrimitives.Max(sums, 0, sums);
        }
    }

    /// <summary>The loss of the row that went forward, and its gradient by the last layer's sums.</summary>
    private double Lose(double label)
    {
        var (sums, errors) = (_outputs[^1], _errors[^1]);
        if (_isNumeric)
        {
            errors[0] = sums[0] - label;
            return errors[0] * errors[0] / 2;
        }

        if (sums.Length == 1)
        {
            errors[0] = LogisticRegression.Probability(sums[0]) - label;
            return LogisticRegression.Loss(sums[0], label);
        }

        var loss = Softmax(sums, errors) - sums[(int)label];
        errors[(int)label] -= 1;
        return loss;
    }

    /// <summary>Writes exp(z_k) / sum exp(z), and gives ln sum exp(z); no z is too large for it.</summary>
    private static double Softmax(ReadOnlySpan<double> sums, Span<double> probabilities)
    {
        var largest = sums[0];
        foreach (var sum in sums)
        {
            largest = Math.Max(largest, sum);
        }

        var total = 0.0;
        for (var output = 0; output < sums.Length; output++)
        {
            probabilities[output] = Math.Exp(sums[output] - largest);
            total += probabilities[output];
        }

        TensorPrimitives.Divide(probabilities, total, probabilities);
        return largest + Math.Log(total);
    }

    private void Back(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs, Span<double> gradient)
    {
        for (var layer = _outputs.Length - 1; layer >= 0; layer--)
        {
            var (width, errors) = (_sizes[layer], _errors[layer]);
            ReadOnlySpan<double> before = layer == 0 ? inputs : _outputs[layer - 1];
            var bias = gradient.Slice(_weights[layer] + (width * errors.Length), errors.Length);
            TensorPrimitives.Add(bias, errors, bias);
            for (var unit = 0; unit < errors.Length; unit++)
            {
                var weights = gradient.Slice(_weights[layer] + (unit * width), width);
                TensorPrimitives.MultiplyAdd(before, errors[unit], weights, weights);
            }

            if (layer > 0)
            {
                Pass(parameters.Slice(_weights[layer], width * errors.Length), errors, layer - 1);
            }
        }
    }

    /// <summary>Passes the gradient on to the sums of the layer before.</summary>
    private void Pass(ReadOnlySpan<double> weights, ReadOnlySpan<double> errors, int layer)
    {
        var (passed, outputs) = (_errors[layer], _outputs[layer]);
        Array.Clear(passed);
        for (var unit = 0; unit < errors.Length; unit++)
        {
            TensorPrimitives.MultiplyAdd(weights.Slice(unit * passed.Length, passed.Length), errors[unit], passed, passed);
        }

        for (var unit = 0; unit < passed.Length; unit++)
        {
            passed[unit] *= _isTanh ? 1 - (outputs[unit] * outputs[unit]) : outputs[unit] > 0 ? 1 : 0;
        }
    }
}
