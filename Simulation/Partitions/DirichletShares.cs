using FederatedOrleans.Randomness;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>Draws from a symmetric Dirichlet distribution under a seed.</summary>
internal static class DirichletShares
{
    /// <summary>One draw: <paramref name="count"/> shares, 1 in sum.</summary>
    /// <param name="alpha">The concentration of each, above 0.</param>
    /// <param name="count">Shares.</param>
    /// <param name="random">Where chance comes from.</param>
    public static double[] Draw(double alpha, int count, SeededRandom random)
    {
        var source = new Source(random);
        var concentrations = new double[count];
        Array.Fill(concentrations, alpha);
        while (true)
        {
            // Where alpha is tiny, all of its gammas may be too small for a double.
            var shares = Dirichlet.Sample(source, concentrations);
            if (Array.TrueForAll(shares, double.IsFinite))
            {
                return shares;
            }
        }
    }

    private sealed class Source(SeededRandom random) : RandomSource(threadSafe: false)
    {
        protected override double DoSample() => random.NextDouble();
    }
}
