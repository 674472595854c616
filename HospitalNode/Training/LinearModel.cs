using System.Numerics.Tensors;
using FederatedOrleans.Data;
using FederatedOrleans.Models;

namespace FederatedOrleans.Training;

/// <summary>w.x + b, of a model whose parameters are the weights and, last, the bias.</summary>
internal static class LinearModel
{
    private const int RowsBetweenLooks = 1024;

    /// <summary>The margin w.x + b of a row.</summary>
    public static double Margin(ReadOnlySpan<double> parameters, ReadOnlySpan<double> row) =>
        TensorPrimitives.Dot(parameters[..^1], row) + parameters[^1];

    /// <summary>What <paramref name="answer"/> makes of the margin of each row under <paramref name="model"/>.</summary>
    public static double[] Predict(ParameterVector model, PreparedRows rows, Func<double, double> answer, CancellationToken cancellationToken = default)
    {
        var parameters = new double[model.Length];
        TensorPrimitives.ConvertTruncating<float, double>(model.Span, parameters);
        var answers = new double[rows.Count];
        var reader = rows.Open();
        for (var row = 0; row < answers.Length; row++)
        {
            if (row % RowsBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            answers[row] = answer(Margin(parameters, reader.Row(row)));
        }

        return answers;
    }
}
