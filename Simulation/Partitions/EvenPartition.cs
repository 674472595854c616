using FederatedOrleans.Randomness;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>Every hospital has as many rows of each class: nothing differs but by chance.</summary>
internal sealed class EvenPartition : IPartition
{
    /// <inheritdoc/>
    public bool IsDrawn => false;

    /// <inheritdoc/>
    public double[][] Shares(int classes, int hospitals, SeededRandom random)
    {
        var shares = new double[hospitals];
        Array.Fill(shares, 1.0 / hospitals);
        return [.. Enumerable.Repeat(shares, classes)];
    }
}
