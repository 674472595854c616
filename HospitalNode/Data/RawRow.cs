namespace FederatedOrleans.Data;

/// <summary>One row as the store holds it. A value of it never reaches a message or a log.</summary>
/// <param name="Source">Name of the file.</param>
/// <param name="Line">1-based line, the first one where a quoted cell spans several.</param>
/// <param name="Cells">The cells, without blanks at their ends.</param>
internal readonly record struct RawRow(string Source, long Line, string[] Cells)
{
    /// <summary>Where the row stands, without what it holds.</summary>
    public override string ToString() => $"{Source}, line {Line}";
}
