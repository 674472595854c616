using System.Numerics.Tensors;
using FederatedOrleans.Data;
using FederatedOrleans.Models;

namespace FederatedOrleans.Training;

/// <summary>p = 1 / (1 + exp(-(w.x + b))): scores and loss of the model whose parameters are the weights and, last, the bias.</summary>
internal static class LogisticRegression
{
    private const int RowsBetweenLooks = 1024;

    /// <summary>The margin w.x + b of a row.</summary>
    public static double Margin(ReadOnlySpan<double> parameters, ReadOnlySpan<double> row) =>
        TensorPrimitives.Dot(parameters[..^1], row) + parameters[^1];

    /// <summary>The probability at a margin, without overflow at either end.</summary>
    public static double Probability(double margin)
    {
        if (margin >= 0)
        {
            return 1 / (1 + Math.Exp(-margin));
        }

        var odds = Math.Exp(margin);
        return odds / (1 + odds);
    }

    /// <summary>-ln of the probability given to the label, in nats: ln(1 + exp(margin)) - label * margin.</summary>
    public static double Loss(double margin, double label) =>
        Math.Max(margin, 0) - (label * margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));

    /// <summary>The probability of each row under <paramref name="model"/>.</summary>
    public static double[] Probabilities(ParameterVector model, PreparedRows rows, CancellationToken cancellationToken = default)
    {
        var parameters = new double[model.Length];
        TensorPrimitives.ConvertTruncating<float, double>(model.Span, parameters);
        var probabilities = new double[rows.Count];
        var reader = rows.Open();
        for (var row = 0; row < probabilities.Length; row++)
        {
            if (row % RowsBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            probabilities[row] = Probability(Margin(parameters, reader.Row(row)));
        }

        return probabilities;
    }
}
