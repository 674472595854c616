using System.Collections.Immutable;
using System.Numerics.Tensors;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>A hospital's rows, as the model takes them but not standardised. Immutable; safe to share between threads.</summary>
internal sealed class LocalDataset
{
    private readonly float[] _labels;

    /// <param name="name">The dataset's id.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="labels">Labels: 0 or 1 of a binary one, the index of the class of a categorical one, the value of a numeric one; given away.</param>
    /// <param name="split">Training, test and validation rows as indices of this matrix.</param>
    public LocalDataset(string name, DatasetSchema schema, RowMatrix inputs, float[] labels, RowSplit split)
    {
        (Name, Schema, Inputs, _labels, Split) = (name, schema, inputs, labels, split);
        if (inputs.Count != labels.Length || inputs.Width != schema.InputCount)
        {
            throw new ArgumentException("Inputs and labels differ in their number of rows, or inputs and schema in their width.", nameof(inputs));
        }
    }

    /// <summary>A dataset in memory; inputs, row by row, and labels are given away.</summary>
    public LocalDataset(string name, DatasetSchema schema, float[] inputs, float[] labels, RowSplit split)
        : this(name, schema, new MemoryRows(inputs, labels.Length, schema.InputCount), labels, split)
    {
    }

    /// <summary>A dataset in memory with a binary label.</summary>
    public LocalDataset(string name, DatasetSchema schema, float[] inputs, IEnumerable<bool> labels, RowSplit split)
        : this(name, schema, inputs, [.. labels.Select(label => label ? 1f : 0f)], split)
    {
    }

    /// <summary>The dataset's id.</summary>
    public string Name { get; }

    /// <summary>The schema whose input names are the columns of the matrix.</summary>
    public DatasetSchema Schema { get; }

    /// <summary>The rows' inputs.</summary>
    public RowMatrix Inputs { get; }

    /// <summary>Inputs a row.</summary>
    public int InputCount => Inputs.Width;

    /// <summary>Rows of the matrix: those that are used.</summary>
    public int RowCount => _labels.Length;

    /// <summary>Training and test rows, indices of the matrix in the order of their lists.</summary>
    public RowSplit Split { get; }

    /// <summary>Training rows.</summary>
    public ImmutableArray<int> TrainRows => Split.Train;

    /// <summary>Test rows.</summary>
    public ImmutableArray<int> TestRows => Split.Test;

    /// <summary>Validation rows; there may be none.</summary>
    public ImmutableArray<int> ValidationRows => Split.Validation;

    /// <summary>Counts below this leave the hospital in no statistics: its owner's.</summary>
    public int MinimumCell { get; init; } = DatasetOptions.DefaultMinimumCell;

    /// <summary>Whether there are rows with <see cref="Preprocessing.CellMarks"/> in place of values.</summary>
    public bool HasMissing { get; init; }

    /// <summary>The label of a row: 0 or 1 of a binary one, the index of the class of a categorical one, the value of a numeric one.</summary>
    public float Label(int row) => _labels[row];

    /// <summary>Whether the binary label of a row says yes.</summary>
    public bool IsPositive(int row) => _labels[row] > 0.5f;

    /// <summary>The same rows with other lists: nothing is copied.</summary>
    /// <param name="split">Training, test and validation rows as indices of this matrix.</param>
    public LocalDataset With(RowSplit split) => new(Name, Schema, Inputs, _labels, split) { MinimumCell = MinimumCell, HasMissing = HasMissing && HasMarks(split) };

    private bool HasMarks(RowSplit split)
    {
        var reader = Inputs.Open();
        return split.Train.Concat(split.Test).Concat(split.Validation).Any(row => !TensorPrimitives.IsFiniteAll(reader.Row(row)));
    }

    /// <summary>Name and size, no value.</summary>
    public override string ToString() => $"{Name}: {RowCount:N0} rows of {InputCount:N0} inputs";
}
