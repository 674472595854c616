using System.Collections.Immutable;
using System.Globalization;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Rounds;

/// <summary>Picks the hospitals that a round invites: uniformly among the eligible, by the plan's seed, the round and the attempt alone.</summary>
public static class CohortSelection
{
    /// <summary>At most <paramref name="count"/> of the eligible ids, in ordinal order; all of them when there are no more.</summary>
    /// <param name="seed">The plan's seed.</param>
    /// <param name="round">Number of the round.</param>
    /// <param name="attempt">Number of the attempt: another attempt is another draw.</param>
    /// <param name="eligible">Hospital ids in any order; a repeated id counts once.</param>
    /// <param name="count">How many to pick, at least 0.</param>
    public static ImmutableArray<string> Select(long seed, int round, int attempt, IEnumerable<string> eligible, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var hospitals = eligible.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (hospitals.Length > count)
        {
            var random = SeededRandom.For(
                "cohort", seed, round.ToString(CultureInfo.InvariantCulture), attempt.ToString(CultureInfo.InvariantCulture));
            random.Shuffle(hospitals.AsSpan());
            hospitals = hospitals[..count];
            Array.Sort(hospitals, StringComparer.Ordinal);
        }

        return [.. hospitals];
    }
}
