using FederatedOrleans.Randomness;

namespace FederatedOrleans.Simulation.Faults;

/// <summary>How much goes wrong in one run: some scenarios are mostly quiet and some are wild, since other faults show in each.</summary>
internal sealed record Scenario(LinkFaults Link, double StorageRate, int Actions)
{
    /// <summary>The scenario of a seed.</summary>
    public static Scenario Of(int seed)
    {
        var random = SeededRandom.For("scenario", seed);
        var rate = 0.02 + (0.25 * random.NextDouble());
        return new(
            new LinkFaults { Seed = seed, CallRate = rate, BodyRate = rate * 2 },
            random.NextInt32(2) == 0 ? 0 : 0.02 + (0.1 * random.NextDouble()),
            5 + random.NextInt32(25));
    }
}
