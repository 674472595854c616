using System.Collections.Immutable;
using CsCheck;
using FederatedOrleans.Data;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>Which hospital a row is at.</summary>
public sealed class DealerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly DatasetSchema Schema = new() { Features = [new FeatureSpec { Name = "x" }], Label = "ill" };

    [Fact]
    public void Every_row_is_at_one_hospital_and_every_hospital_has_enough()
    {
        var dealt = 0;
        Gen.Select(Gen.Int[60, 400], Gen.Int[1, 5], Gen.OneOf(Gen.Const(0.3), Gen.Const(1.0), Gen.Const(5.0)), Gen.Int[1, 6], Gen.Long, Gen.Bool).Sample((rows, hospitals, alpha, least, seed, isListed) =>
        {
            var source = Source(rows, isListed);
            Cohort cohort;
            try
            {
                cohort = new Dealer(source, least, seed).Deal(new DirichletPartition(alpha), hospitals, Token);
            }
            catch (FederationException)
            {
                // Few rows and a strong skew: nothing is dealt rather than too little.
                return;
            }

            Interlocked.Increment(ref dealt);
            Assert.Equal(hospitals, cohort.Hospitals.Length);
            Assert.All(cohort.Hospitals, hospital => Assert.True(hospital.Dataset.TrainRows.Length >= least && hospital.Dataset.TestRows.Length > 0));
            Assert.Equal(Enumerable.Range(0, rows), cohort.Hospitals.SelectMany(hospital => All(hospital.Dataset)).Order());
            if (isListed)
            {
                Assert.Equal(source.Dataset.TrainRows.Order(), cohort.Hospitals.SelectMany(hospital => hospital.Dataset.TrainRows).Order());
                Assert.All(cohort.Hospitals, hospital => Assert.True(hospital.Dataset.TestRows.All(source.Dataset.TestRows.Contains)));
            }

            var again = new Dealer(source, least, seed).Deal(new DirichletPartition(alpha), hospitals, Token);
            Assert.Equal(cohort.Hospitals.Select(hospital => hospital.Dataset.TrainRows.AsEnumerable()), again.Hospitals.Select(hospital => hospital.Dataset.TrainRows.AsEnumerable()));
        });
        Assert.True(dealt > 50, $"Only {dealt} were dealt at all.");
    }

    [Fact]
    public void Rows_are_not_copied_and_keep_the_order_of_their_list()
    {
        var source = Source(100, isListed: true);
        var cohort = new Dealer(source, 1, 1).Deal(new EvenPartition(), 3, Token);
        Assert.All(cohort.Hospitals, hospital => Assert.Same(source.Dataset.Inputs, hospital.Dataset.Inputs));
        Assert.All(cohort.Hospitals, hospital => Assert.Equal(source.Dataset.TrainRows.Where(hospital.Dataset.TrainRows.Contains), hospital.Dataset.TrainRows));
        Assert.Equal(["hospital-1", "hospital-2", "hospital-3"], cohort.Hospitals.Select(hospital => hospital.Id));
        Assert.Equal("hospital-01", new Dealer(source, 1, 1).Deal(new EvenPartition(), 10, Token).Hospitals[0].Id);
    }

    [Fact]
    public void Even_hospitals_have_as_many_of_each_class_in_each_part()
    {
        var cohort = new Dealer(Source(600, isListed: true), 1, 1).Deal(new EvenPartition(), 6, Token);
        Assert.All(cohort.Hospitals, hospital => Assert.InRange(hospital.Dataset.TrainRows.Length, 64, 70));
        Assert.All(cohort.Hospitals, hospital => Assert.InRange(hospital.Dataset.TestRows.Length, 30, 36));
        Assert.All(cohort.Hospitals, hospital => Assert.InRange(hospital.LabelCounts[0], 43, 46));
        Assert.Equal(0, cohort.Draws);
    }

    [Fact]
    public void What_rounding_takes_of_one_class_it_gives_of_the_next()
    {
        // 10 classes of 15 rows for 10 hospitals: 1.5 of each.
        var schema = Schema with { LabelKind = LabelKind.Categorical, LabelLevels = [.. Enumerable.Range(0, 10).Select(level => $"{level}")] };
        float[] labels = [.. Enumerable.Range(0, 150).Select(row => (float)(row % 10))];
        var source = new SourceRows
        {
            Dataset = new("toy", schema, new float[150], labels, new([.. Enumerable.Range(0, 130)], [.. Enumerable.Range(130, 10)]) { Validation = [.. Enumerable.Range(140, 10)] }),
            Split = new() { File = "lists.json" },
        };
        var cohort = new Dealer(source, 1, 1).Deal(new EvenPartition(), 10, Token);
        Assert.All(cohort.Hospitals, hospital => Assert.Equal((13, 1, 1), (hospital.Dataset.TrainRows.Length, hospital.Dataset.TestRows.Length, hospital.Dataset.ValidationRows.Length)));
    }

    [Fact]
    public void A_hospital_without_a_share_of_a_class_has_no_row_of_it()
    {
        var cohort = new Dealer(Source(100, isListed: true), 1, 1).Deal(new GivenShares([[0.51, 0.49, 0], [0, 0.505, 0.495]]), 3, Token);
        Assert.Equal(0, cohort.Hospitals[0].LabelCounts[1]);
        Assert.Equal(0, cohort.Hospitals[2].LabelCounts[0]);
    }

    [Fact]
    public void Whole_rows_are_off_their_shares_by_less_than_one_however_often() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, 30].Array[1, 40], Gen.Long).Sample((places, rows, seed) =>
        {
            var shares = DirichletShares.Draw(1, places, Randomness.SeededRandom.For("test", seed));
            var carried = new double[places];
            var given = new int[places];
            foreach (var count in rows)
            {
                var part = LargestRemainders.Round(count, shares, carried);
                Assert.Equal(count, part.Sum());
                Assert.All(part, each => Assert.True(each >= 0));
                for (var place = 0; place < places; place++)
                {
                    given[place] += part[place];
                }
            }

            Assert.All(Enumerable.Range(0, places), place => Assert.InRange(given[place] - (rows.Sum() * shares[place]), -1 - 1e-6, 1 + 1e-6));
        });

    [Fact]
    public void A_hospital_is_tested_on_the_classes_that_it_trains_on()
    {
        var cohort = new Dealer(Source(3_000, isListed: true), 10, 3).Deal(new DirichletPartition(0.3), 4, Token);
        Assert.All(cohort.Hospitals, hospital => Assert.Equal(
            hospital.LabelCounts[1] / (double)hospital.Dataset.TrainRows.Length, hospital.Dataset.TestRows.Average(row => (double)hospital.Dataset.Label(row)), 0.05));
        Assert.Contains(cohort.Hospitals, hospital => hospital.LabelCounts[1] < hospital.LabelCounts[0] / 10);
    }

    [Fact]
    public void What_no_draw_can_give_is_said()
    {
        var fault = Assert.Throws<FederationException>(() => new Dealer(Source(40, isListed: false), 10, 1).Deal(new DirichletPartition(0.01), 4, Token));
        Assert.Contains("None of 1,000 draws gives each of 4 hospitals 10 training rows", fault.Message, StringComparison.Ordinal);
        fault = Assert.Throws<FederationException>(() => new Dealer(Source(40, isListed: false), 10, 1).Deal(new EvenPartition(), 4, Token));
        Assert.Contains("40 rows do not give each of 4 hospitals", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_group_is_a_hospital_named_by_it_where_it_is_an_id()
    {
        var cohort = new Dealer(Grouped([.. Enumerable.Range(0, 60).Select(row => row % 3)], "west", "east", "north"), 5, 1).DealGroups(null);
        Assert.Equal(["east", "north", "west"], cohort.Hospitals.Select(hospital => hospital.Id));
        Assert.All(All(cohort.Hospitals[0].Dataset), row => Assert.Equal(1, row % 3));
        var numbered = new Dealer(Grouped([.. Enumerable.Range(0, 60).Select(row => row % 3)], "1", "x y", "3"), 5, 1).DealGroups(3);
        Assert.Equal([("hospital-1", "1"), ("hospital-2", "3"), ("hospital-3", "x y")], numbered.Hospitals.Select(hospital => (hospital.Id, hospital.Group)));
    }

    [Fact]
    public void Groups_are_put_together_the_largest_first_and_then_not_named()
    {
        // 30, 20, 10, 10 rows and two in no group.
        int[] groups = [.. Enumerable.Repeat(0, 30), .. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(2, 10), .. Enumerable.Repeat(3, 10), -1, -1];
        var cohort = new Dealer(Grouped([.. groups], "a1", "b2", "c3", "d4"), 5, 1).DealGroups(2);
        Assert.Equal([("hospital-1", 40, 2), ("hospital-2", 30, 2)], cohort.Hospitals.Select(hospital => (hospital.Id, All(hospital.Dataset).Count(), hospital.Groups!.Value)));
        Assert.All(cohort.Hospitals, hospital => Assert.Null(hospital.Group));
        Assert.Equal((2, 0), (cohort.LeftOut, cohort.Draws));
    }

    [Fact]
    public void Groups_that_are_too_few_or_too_small_are_said_and_named_only_where_the_researcher_has()
    {
        var source = Grouped([.. Enumerable.Repeat(0, 40), .. Enumerable.Repeat(1, 4)], "many", "few");
        var fault = Assert.Throws<FederationException>(() => new Dealer(source, 5, 1).DealGroups(null));
        Assert.Contains("1 of 2 hospitals would have fewer than 5 training rows, or no test row. Take", fault.Message, StringComparison.Ordinal);
        fault = Assert.Throws<FederationException>(() => new Dealer(source with { AreGroupsGiven = true }, 5, 1).DealGroups(null));
        Assert.Contains("or no test row: few.", fault.Message, StringComparison.Ordinal);
        fault = Assert.Throws<FederationException>(() => new Dealer(source, 5, 1).DealGroups(3));
        Assert.Contains("There are 2 groups of rows for 3 hospitals", fault.Message, StringComparison.Ordinal);
        string[] many = [.. Enumerable.Range(0, 10_001).Select(group => $"g{group}")];
        fault = Assert.Throws<FederationException>(() => new Dealer(Grouped([.. Enumerable.Range(0, 10_001)], many), 5, 1).DealGroups(null));
        Assert.Contains("There are 10,001 groups of rows, and 10,000 hospitals at most", fault.Message, StringComparison.Ordinal);
        fault = Assert.Throws<FederationException>(() => new Dealer(Grouped([.. Enumerable.Repeat(-1, 40)]), 5, 1).DealGroups(null));
        Assert.Contains("No row has a value in the column", fault.Message, StringComparison.Ordinal);
    }

    private sealed class GivenShares(double[][] shares) : IPartition
    {
        public bool IsDrawn => false;

        public double[][] Shares(int classes, int hospitals, Randomness.SeededRandom random) => shares;
    }

    private static IEnumerable<int> All(LocalDataset dataset) => dataset.TrainRows.Concat(dataset.TestRows).Concat(dataset.ValidationRows);

    private static SourceRows Grouped(ImmutableArray<int> groups, params string[] names) =>
        Source(groups.Length, isListed: false) with { Groups = groups, GroupNames = [.. names] };

    // Every third row is ill; lists have every third row, shifted, for the test, and the training rows backwards.
    private static SourceRows Source(int rows, bool isListed)
    {
        var inputs = Enumerable.Range(0, rows).Select(row => (float)row).ToArray();
        var labels = Enumerable.Range(0, rows).Select(row => row % 3 == 0);
        var split = new RowSplit([.. Enumerable.Range(0, rows).Where(row => row / 3 % 3 != 1).Reverse()], [.. Enumerable.Range(0, rows).Where(row => row / 3 % 3 == 1)]);
        return new()
        {
            Dataset = new("toy", Schema, inputs, labels, split),
            Split = new() { File = isListed ? "lists.json" : null },
        };
    }
}
