using FederatedOrleans.Randomness;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>Quantity skew: hospitals' sizes are drawn from a symmetric Dirichlet distribution, and each has the classes in the same proportion.</summary>
/// <param name="alpha">Its concentration: the smaller, the more hospitals differ in size.</param>
/// <remarks>"q ~ Dir(beta)" of Li et al., Federated Learning on Non-IID Data Silos (ICDE 2022), section III.</remarks>
internal sealed class QuantityPartition(double alpha) : IPartition
{
    /// <inheritdoc/>
    public bool IsDrawn => true;

    /// <inheritdoc/>
    public double[][] Shares(int classes, int hospitals, SeededRandom random) =>
        [.. Enumerable.Repeat(DirichletShares.Draw(alpha, hospitals, random), classes)];
}
