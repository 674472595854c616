using System.Globalization;

namespace FederatedOrleans.Data;

/// <summary>A column by its name, or by its 0-based number where columns have no names.</summary>
internal readonly record struct ColumnReference
{
    private ColumnReference(string? name, int index) => (Name, Index) = (name, index);

    /// <summary>The name; absent where the column is given by number.</summary>
    public string? Name { get; }

    /// <summary>The 0-based number, where <see cref="Name"/> is absent.</summary>
    public int Index { get; }

    public static ColumnReference Named(string name) => new(name, -1);

    public static ColumnReference At(int index) => new(null, index);

    /// <summary>For messages: <c>column 'chol'</c> or <c>column 4</c>.</summary>
    public override string ToString() => Name is null ? $"column {Index.ToString(CultureInfo.InvariantCulture)}" : $"column '{Name}'";
}
