namespace FederatedOrleans.Placement;

public sealed class SpreadPlacementTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Shards_and_groups_of_an_epoch_take_the_silos_in_turn(int silos)
    {
        var first = SpreadPlacementDirector.IndexOf(GrainKeys.AggregatorShard("run-1", 2, 1, 3, 0, 0), silos);
        for (var next = 0; next < 7; next++)
        {
            Assert.Equal((first + next) % silos, SpreadPlacementDirector.IndexOf(GrainKeys.AggregatorShard("run-1", 2, 1, 3, 0, next), silos));
            Assert.Equal((first + next) % silos, SpreadPlacementDirector.IndexOf(GrainKeys.AggregatorShard("run-1", 2, 1, 3, next, 0), silos));
            Assert.Equal((first + next) % silos, SpreadPlacementDirector.IndexOf(GrainKeys.Aggregator("run-1", 2, 1, 3, next), silos));
        }
    }

    [Fact]
    public void Epochs_begin_at_different_silos() => Assert.Equal(
        [0, 1, 2],
        Enumerable.Range(1, 50).Select(epoch => SpreadPlacementDirector.IndexOf(GrainKeys.Aggregator("run-1", 1, 1, epoch), 3)).Distinct().Order());
}
