using FederatedOrleans.Models;

namespace FederatedOrleans.Optimizers;

public sealed class FedAvgTests
{
    [Theory]
    [InlineData(1.0, 1.5f, -1f)]
    [InlineData(0.5, 1.25f, 0f)]
    [InlineData(2.0, 2f, -3f)]
    public void Step_is_x_plus_lr_times_d(double learningRate, float first, float second) =>
        Assert.Equal([first, second], new FedAvg(learningRate).Step(new([1f, 1f]), new([0.5f, -2f])).Model.Span.ToArray());

    [Fact]
    public void Step_leaves_its_arguments_alone()
    {
        var model = new ParameterVector([1f, 2f]);
        var aggregate = new ParameterVector([3f, 4f]);
        new FedAvg(1).Step(model, aggregate);

        Assert.Equal([1f, 2f], model.Span.ToArray());
        Assert.Equal([3f, 4f], aggregate.Span.ToArray());
    }
}
