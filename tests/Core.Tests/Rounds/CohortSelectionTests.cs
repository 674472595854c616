using CsCheck;

namespace FederatedOrleans.Rounds;

public sealed class CohortSelectionTests
{
    private static readonly string[] Hospitals = [.. Enumerable.Range(0, 20).Select(number => $"hospital-{number:00}")];

    [Fact]
    public void Selection_depends_on_seed_round_and_attempt_only()
    {
        var first = CohortSelection.Select(1, 2, 3, Hospitals, 5);

        Assert.Equal(first, CohortSelection.Select(1, 2, 3, Hospitals.Reverse().Concat(Hospitals), 5));
        Assert.NotEqual(first, CohortSelection.Select(2, 2, 3, Hospitals, 5));
        Assert.NotEqual(first, CohortSelection.Select(1, 3, 3, Hospitals, 5));
        Assert.NotEqual(first, CohortSelection.Select(1, 2, 4, Hospitals, 5));
    }

    [Fact]
    public void Selection_is_an_ordered_subset_of_the_size_asked_for() =>
        Gen.Select(Gen.Long, Gen.Int[1, 1000], Gen.Int[0, 25]).Sample((seed, round, count) =>
        {
            var chosen = CohortSelection.Select(seed, round, 1, Hospitals, count);
            Assert.Equal(Math.Min(count, Hospitals.Length), chosen.Length);
            Assert.Equal(chosen.Order(StringComparer.Ordinal), chosen);
            Assert.Equal(chosen.Length, chosen.Intersect(Hospitals, StringComparer.Ordinal).Count());
        }, iter: 200);

    [Fact]
    public void Every_hospital_is_chosen_about_equally_often()
    {
        var counts = Enumerable.Range(1, 4_000)
            .SelectMany(round => CohortSelection.Select(42, round, 1, Hospitals, 5))
            .CountBy(id => id, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);

        // 1,000 expected each, standard deviation 27.
        Assert.All(Hospitals, id => Assert.InRange(counts[id], 850, 1_150));
    }
}
