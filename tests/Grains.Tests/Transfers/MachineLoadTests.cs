namespace FederatedOrleans.Transfers;

public sealed class MachineLoadTests
{
    [Theory]
    [InlineData("0.00 0.01 0.05 1/320 4711", false)]
    [InlineData("9.00 9.00 9.00 3/320 4711", false)]
    [InlineData("0.00 0.01 0.05 4/320 4711", true)]
    [InlineData("0.00 0.01 0.05 17/320 4711", true)]
    [InlineData("", false)]
    [InlineData("a b c d/e f", false)]
    public void A_machine_is_busy_where_threads_wait_for_processors(string load, bool expected) => Assert.Equal(expected, MachineLoad.IsBusy(load, processors: 2));
}
