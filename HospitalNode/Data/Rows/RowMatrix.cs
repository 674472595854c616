namespace FederatedOrleans.Data;

/// <summary>The inputs of a hospital's rows, in memory or in a file. Immutable; safe to share between threads.</summary>
internal abstract class RowMatrix
{
    /// <summary>Rows.</summary>
    public abstract int Count { get; }

    /// <summary>Inputs a row.</summary>
    public abstract int Width { get; }

    /// <summary>Whether each row is in memory: then it costs nothing to keep what is made of it there as well.</summary>
    public abstract bool IsInMemory { get; }

    /// <summary>A reader for one thread.</summary>
    public abstract RowReader Open();
}
