using FederatedOrleans.Randomness;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>Label skew: of each class the hospitals' shares are drawn from a symmetric Dirichlet distribution, class by class.</summary>
/// <param name="alpha">Its concentration: the smaller, the fewer hospitals have most of a class.</param>
/// <remarks>Yurochkin et al., Bayesian Nonparametric Federated Learning of Neural Networks (ICML 2019), section 4; "p_k ~ Dir(beta)" of Li et al., Federated Learning on Non-IID Data Silos (ICDE 2022), section III.</remarks>
internal sealed class DirichletPartition(double alpha) : IPartition
{
    /// <inheritdoc/>
    public bool IsDrawn => true;

    /// <inheritdoc/>
    public double[][] Shares(int classes, int hospitals, SeededRandom random) =>
        [.. Enumerable.Range(0, classes).Select(_ => DirichletShares.Draw(alpha, hospitals, random))];
}
