using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Optimizers;

/// <summary>What holds for every server optimizer.</summary>
public sealed class ServerOptimizersTests
{
    private const int Length = 3001;

    public static TheoryData<string> Names => [.. ServerOptimizers.Names];

    [Fact]
    public void Every_name_has_its_optimizer()
    {
        Assert.All(ServerOptimizers.Names, name => Assert.Equal(name, ServerOptimizers.For(new() { Name = name }).Name));
        Assert.Contains(new ServerOptimizerPlan().Name, ServerOptimizers.Names);
        Assert.Throws<ArgumentException>(() => ServerOptimizers.For(new() { Name = "adam" }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parts_in_any_order_make_the_same_bits_as_the_whole(string name)
    {
        var optimizer = ServerOptimizers.For(new() { Name = name, LearningRate = 0.3 });
        var model = Vector(1, 1);
        var first = optimizer.Step(model, Vector(2, 0.1));
        var whole = optimizer.Step(first.Model, Vector(3, 0.1), first.Moments);
        foreach (var size in new[] { 1, 7, 1000, Length })
        {
            var (moments, aggregate) = (first.Moments.Span.ToArray(), Vector(3, 0.1).Span.ToArray());
            int[] starts = [.. Enumerable.Range(0, (Length + size - 1) / size).Select(part => part * size).Reverse()];
            foreach (var (moment, start) in Enumerable.Range(0, optimizer.Moments).SelectMany(moment => starts.Select(start => (moment, start))))
            {
                var count = Math.Min(size, Length - start);
                optimizer.MovePart(moment, aggregate.AsSpan(start, count), moments.AsSpan((moment * Length) + start, count));
            }

            foreach (var start in starts)
            {
                var count = Math.Min(size, Length - start);
                float[] side = [.. Enumerable.Range(0, optimizer.Moments).SelectMany(moment => moments.AsSpan((moment * Length) + start, count).ToArray())];
                optimizer.StepPart(first.Model.Span.Slice(start, count), aggregate.AsSpan(start, count), side);
            }

            Assert.Equal((whole.Model.Digest, whole.Moments.Digest), (new ParameterVector(aggregate).Digest, new ParameterVector(moments).Digest));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_moves_where_no_update_does(string name)
    {
        var optimizer = ServerOptimizers.For(new() { Name = name });
        var (model, moments) = optimizer.Step(Vector(1, 1), ParameterVector.Zeros(Length));

        Assert.Equal(Vector(1, 1).Digest, model.Digest);
        Assert.All(moments.Span.ToArray(), value => Assert.Equal(0, value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Other_lengths_and_moments_are_refused(string name)
    {
        var optimizer = ServerOptimizers.For(new() { Name = name });

        Assert.Throws<ArgumentException>(() => optimizer.Step(new([1f]), new([1f, 2f])));
        Assert.Throws<ArgumentException>(() => optimizer.StepPart([1f], [1f], new float[optimizer.Moments + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.MovePart(optimizer.Moments, [1f], [1f]));
        if (optimizer.Moments > 0)
        {
            Assert.Throws<ArgumentException>(() => optimizer.MovePart(0, [1f], [1f, 2f]));
        }
    }

    private static ParameterVector Vector(int seed, double scale)
    {
        var random = Randomness.SeededRandom.For("server-optimizers", seed);
        return new([.. Enumerable.Range(0, Length).Select(_ => (float)(((random.NextDouble() * 2) - 1) * scale))]);
    }
}
