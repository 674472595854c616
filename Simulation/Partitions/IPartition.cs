using FederatedOrleans.Randomness;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>How rows are shared out among hospitals by chance: what share of each class each of them has.</summary>
internal interface IPartition
{
    /// <summary>Whether another draw gives other shares.</summary>
    bool IsDrawn { get; }

    /// <summary>Draws the shares.</summary>
    /// <param name="classes">Classes of the label; 1 where it is a number.</param>
    /// <param name="hospitals">Hospitals.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <returns>For each class the share of every hospital, 0 to 1, 1 in sum.</returns>
    double[][] Shares(int classes, int hospitals, SeededRandom random);
}
