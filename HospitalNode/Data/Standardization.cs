using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace FederatedOrleans.Data;

/// <summary>x' = (x - mean) / (sd + 1e-9), input by input. Fitted on a hospital's training rows and kept with the participant's state.</summary>
/// <remarks>
/// sd is the unbiased one (divided by n - 1). An input that is constant over the training rows tells nothing and becomes 0 in every
/// row, also where a test row differs: dividing by 1e-9 would let that one row drown all others. These figures are the hospital's own
/// and leave it no more than its rows do.
/// </remarks>
[GenerateSerializer, Immutable, Alias("fo.site.Standardization")]
internal sealed record Standardization : IInputTransformation
{
    /// <summary>Keeps the quotient finite; of FLamby's definition of the reference task.</summary>
    private const double Epsilon = 1e-9;

    [NonSerialized]
    private double[]? _divisors;

    /// <summary>Means, one an input.</summary>
    [Id(0)] public required ImmutableArray<double> Mean { get; init; }

    /// <summary>Unbiased standard deviations, one an input; 0 for a constant input.</summary>
    [Id(1)] public required ImmutableArray<double> StandardDeviation { get; init; }

    /// <summary>Whether inputs stay as they are.</summary>
    [Id(2)] public bool IsIdentity { get; init; }

    /// <summary>Leaves <paramref name="inputCount"/> inputs as they are.</summary>
    public static Standardization None(int inputCount) => new()
    {
        Mean = [.. Enumerable.Repeat(0.0, inputCount)],
        StandardDeviation = [.. Enumerable.Repeat(1.0, inputCount)],
        IsIdentity = true,
    };

    /// <summary>Fits on the training rows of one or more datasets of the same schema, taken together.</summary>
    /// <exception cref="ArgumentException">There is no training row.</exception>
    public static Standardization Fit(params ReadOnlySpan<LocalDataset> datasets)
    {
        var inputCount = datasets.Length == 0 ? 0 : datasets[0].InputCount;
        var count = 0L;
        var mean = new double[inputCount];
        var squares = new double[inputCount];
        var first = Array.Empty<float>();
        var varies = new bool[inputCount];
        foreach (var dataset in datasets)
        {
            var reader = dataset.Inputs.Open();
            foreach (var row in dataset.TrainRows)
            {
                var inputs = reader.Row(row);
                first = count++ == 0 ? inputs.ToArray() : first;
                for (var input = 0; input < inputCount; input++)
                {
                    mean[input] += inputs[input];
                    varies[input] |= inputs[input] != first[input];
                }
            }
        }

        if (count == 0)
        {
            throw new ArgumentException("There is no training row to fit on.", nameof(datasets));
        }

        for (var input = 0; input < inputCount; input++)
        {
            mean[input] = varies[input] ? mean[input] / count : first[input];
        }

        // The second pass over the deviations does not cancel as the mean of the squares would.
        foreach (var dataset in datasets)
        {
            var reader = dataset.Inputs.Open();
            foreach (var row in dataset.TrainRows)
            {
                var inputs = reader.Row(row);
                for (var input = 0; input < inputCount; input++)
                {
                    var deviation = inputs[input] - mean[input];
                    squares[input] += deviation * deviation;
                }
            }
        }

        return new()
        {
            Mean = [.. mean],
            StandardDeviation = [.. squares.Select((sum, input) => varies[input] ? Math.Sqrt(sum / (count - 1)) : 0)],
        };
    }

    /// <inheritdoc/>
    public int InputCount => Mean.Length;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> row, Span<double> inputs)
    {
        TensorPrimitives.ConvertTruncating(row, inputs);
        if (!IsIdentity)
        {
            TensorPrimitives.Subtract(inputs, Mean.AsSpan(), inputs);
            TensorPrimitives.Divide(inputs, _divisors ??= Divisors(), inputs);
        }
    }

    // What is divided by infinity is zero.
    private double[] Divisors() => [.. StandardDeviation.Select(deviation => deviation == 0 ? double.PositiveInfinity : deviation + Epsilon)];

    /// <summary>The number of inputs, no figure.</summary>
    public override string ToString() => $"standardisation of {Mean.Length:N0} inputs";
}
