using FederatedOrleans.Data;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Training;

/// <summary>Whether a network's gradient is that of its loss.</summary>
internal static class Gradients
{
    /// <summary>Compares it with differences of the loss, at seeded parameters and on four rows.</summary>
    public static void AssertAreOfTheLoss(DenseNetwork network, int layers, string activation, PreparedRows rows, double tolerance)
    {
        var random = SeededRandom.For("dense", layers, activation);
        double[] parameters = [.. Enumerable.Range(0, network.Length).Select(_ => (random.NextDouble() * 2) - 1)];
        int[] batch = [3, 7, 0, 11];
        var gradient = new double[network.Length];
        network.AddGradient(parameters, rows, batch, gradient);
        for (var i = 0; i < parameters.Length; i++)
        {
            const double Step = 1e-6;
            double LossAt(double value)
            {
                double[] moved = [.. parameters];
                moved[i] = value;
                return network.AddGradient(moved, rows, batch, new double[network.Length]);
            }

            Assert.Equal((LossAt(parameters[i] + Step) - LossAt(parameters[i] - Step)) / (2 * Step), gradient[i], tolerance);
        }
    }
}
