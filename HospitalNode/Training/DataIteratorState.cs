namespace FederatedOrleans.Training;

/// <summary>Where a hospital stands in its training rows. Part of the participant's own state: it lives across rounds.</summary>
/// <remarks>It becomes current only with the outcome of the round, as everything that training leaves behind.</remarks>
[GenerateSerializer, Immutable, Alias("fo.site.DataIteratorState")]
internal sealed record DataIteratorState
{
    /// <summary>Before the first row of the first pass.</summary>
    public static DataIteratorState Start { get; } = new();

    /// <summary>Passes finished before; the permutation of a pass is a function of plan seed, hospital and this number.</summary>
    [Id(0)] public long Pass { get; init; }

    /// <summary>Rows of this pass taken already.</summary>
    [Id(1)] public int Position { get; init; }

    /// <summary>Whether it lies within so many training rows. Rows that were removed since it was stored leave it outside.</summary>
    public bool Fits(int rows) => Pass >= 0 && Position >= 0 && Position <= rows;
}
