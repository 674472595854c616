using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Optimizers;

public sealed class FedAvgTests
{
    [Theory]
    [InlineData(1.0, 1.5f, -1f)]
    [InlineData(0.5, 1.25f, 0f)]
    [InlineData(2.0, 2f, -3f)]
    public void Step_is_x_plus_lr_times_d(double learningRate, float first, float second) =>
        Assert.Equal([first, second], new FedAvg(learningRate).Step(new([1f, 1f]), new([0.5f, -2f])).Span.ToArray());

    [Fact]
    public void Step_leaves_its_arguments_alone()
    {
        var model = new ParameterVector([1f, 2f]);
        var aggregate = new ParameterVector([3f, 4f]);
        new FedAvg(1).Step(model, aggregate);

        Assert.Equal([1f, 2f], model.Span.ToArray());
        Assert.Equal([3f, 4f], aggregate.Span.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Parts_make_the_same_bits_as_the_whole(int length)
    {
        var optimizer = new FedAvg(0.3);
        float[] model = [.. Enumerable.Range(0, 1001).Select(value => MathF.Sin(value))];
        float[] aggregate = [.. Enumerable.Range(0, 1001).Select(value => MathF.Cos(value))];
        var whole = optimizer.Step(new(model), new(aggregate));
        for (var start = 0; start < model.Length; start += length)
        {
            var part = Math.Min(length, model.Length - start);
            optimizer.StepPart(model.AsSpan(start, part), aggregate.AsSpan(start, part));
        }

        Assert.Equal(whole.Digest, new ParameterVector(aggregate).Digest);
    }

    [Fact]
    public void Other_lengths_are_refused() => Assert.Throws<ArgumentException>(() => new FedAvg(1).Step(new([1f]), new([1f, 2f])));

    [Fact]
    public void Every_name_has_its_optimizer()
    {
        Assert.All(ServerOptimizers.Names, name => Assert.Equal(name, ServerOptimizers.For(new() { Name = name }).Name));
        Assert.Contains(new ServerOptimizerPlan().Name, ServerOptimizers.Names);
        Assert.Throws<ArgumentException>(() => ServerOptimizers.For(new() { Name = "fedadam" }));
    }
}
