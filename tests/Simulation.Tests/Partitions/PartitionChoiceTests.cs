namespace FederatedOrleans.Simulation.Partitions;

/// <summary>How a partition is named.</summary>
public sealed class PartitionChoiceTests
{
    [Theory]
    [InlineData("even", "Even", null, null)]
    [InlineData("sites", "Sites", null, null)]
    [InlineData("dirichlet:0.3", "Dirichlet", 0.3, null)]
    [InlineData("quantity:1e2", "Quantity", 100.0, null)]
    [InlineData("column:ward", "Column", null, "ward")]
    [InlineData("column:a:b", "Column", null, "a:b")]
    public void Every_form_is_read(string text, string kind, double? alpha, string? column)
    {
        Assert.True(PartitionChoice.TryParse(text, out var choice, out var fault), fault);
        Assert.Equal((kind, alpha, column), (choice.Kind.ToString(), choice.Alpha, choice.Column));
        Assert.Equal(column is null, choice.PlaceAmong([]) is null);
    }

    [Theory]
    [InlineData("", "is no partition")]
    [InlineData("iid", "is no partition")]
    [InlineData("even:1", "is no partition")]
    [InlineData("dirichlet", "is no partition")]
    [InlineData("column:", "is no partition")]
    [InlineData("dirichlet:", "is no ALPHA")]
    [InlineData("dirichlet:0", "is no ALPHA")]
    [InlineData("dirichlet:NaN", "is no ALPHA")]
    [InlineData("quantity:1e9", "is no ALPHA")]
    [InlineData("quantity:0,5", "is no ALPHA")]
    public void What_is_none_is_said(string text, string reason)
    {
        Assert.False(PartitionChoice.TryParse(text, out _, out var fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_digits_is_a_number_of_one_where_none_is_called_so()
    {
        Assert.True(PartitionChoice.TryParse("column:3", out var choice, out _));
        Assert.Equal("column 3", choice.PlaceAmong([]).ToString());
        Assert.Equal("column '3'", choice.PlaceAmong(["2", "3"]).ToString());
    }
}
