namespace FederatedOrleans.Data;

public sealed class StandardizationTests
{
    [Fact]
    public void Training_rows_get_mean_zero_and_unbiased_deviation_one()
    {
        var data = PreparedDataset.For(Toy.Plan(), Toy.Dataset(50));
        for (var input = 0; input < 3; input++)
        {
            var values = Enumerable.Range(0, 50).Select(row => data.Train.Row(row)[input]).ToArray();
            Assert.Equal(0, values.Average(), 12);
            Assert.Equal(1, Math.Sqrt(values.Sum(value => value * value) / 49), 7);
        }
    }

    [Fact]
    public void Test_rows_have_no_part_in_the_figures()
    {
        var fitted = Standardization.Fit(Dataset([1, 2, 3, 1000], train: 3));

        Assert.Equal((2.0, 1.0), (fitted.Mean[0], fitted.StandardDeviation[0]));
    }

    // 0.1 as float32 does not sum to a multiple of itself: without care sd would be about 1e-17 and not 0.
    [Fact]
    public void A_constant_feature_is_zero_everywhere_also_where_a_test_row_differs()
    {
        var dataset = Dataset([.. Enumerable.Repeat(0.1f, 30), 5f], train: 30);
        var fitted = Standardization.Fit(dataset);
        var target = new double[1];
        fitted.Apply(dataset.Inputs.Open().Row(30), target);

        Assert.Equal((0.1f, 0.0, 0.0), ((float)fitted.Mean[0], fitted.StandardDeviation[0], target[0]));
    }

    [Fact]
    public void One_training_row_is_constant() => Assert.Equal(0.0, Standardization.Fit(Dataset([7, 8], train: 1)).StandardDeviation[0]);

    [Fact]
    public void A_large_mean_does_not_cancel_the_deviation() =>
        Assert.Equal(1, Standardization.Fit(Dataset([10_000_000, 10_000_001, 10_000_002], train: 3)).StandardDeviation[0], 9);

    [Fact]
    public void None_leaves_inputs_as_they_are()
    {
        var dataset = Toy.Dataset(5);
        var data = PreparedDataset.For(Toy.Plan(standardization: "none"), dataset);

        Assert.Equal(dataset.Inputs.Open().Row(3).ToArray().Select(value => (double)value), data.Train.Row(3).ToArray());
    }

    [Fact]
    public void Another_schema_is_refused() =>
        Assert.Contains("schema", Assert.Throws<DatasetException>(() => PreparedDataset.For(Toy.Plan(inputs: 2), Toy.Dataset(5))).Message, StringComparison.Ordinal);

    [Fact]
    public void Text_holds_no_figure() => Assert.Equal("standardisation of 1 inputs", Standardization.Fit(Dataset([987, 988], train: 2)).ToString());

    private static LocalDataset Dataset(float[] values, int train) => new(
        "toy", Toy.Schema(1), values, new bool[values.Length], new([.. Enumerable.Range(0, train)], [.. Enumerable.Range(train, values.Length - train)]));
}
