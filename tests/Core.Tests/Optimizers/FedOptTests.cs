using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Optimizers;

/// <summary>The update rules of the papers.</summary>
public sealed class FedOptTests
{
    private static readonly ServerOptimizerPlan Plan = new() { LearningRate = 0.5, Beta1 = 0.5, Beta2 = 0.75, Tau = 0.25, Momentum = 0.5 };

    // Worked out by hand: D = 2, then D = 4, from x = 1. m = 1, then 2.5; of fedavgm 2, then 5.
    // v: fedadam 1, then 4.75; fedyogi 1, then 5; fedadagrad 4, then 20.
    [Theory]
    [InlineData("fedadam", 1.4f, 1.914520f)]
    [InlineData("fedyogi", 1.4f, 1.902802f)]
    [InlineData("fedadagrad", 1.222222f, 1.486933f)]
    [InlineData("fedavgm", 2f, 4.5f)]
    public void Two_rounds_are_those_of_the_paper(string name, float first, float second)
    {
        var optimizer = ServerOptimizers.For(Plan with { Name = name });
        var one = optimizer.Step(new([1f]), new([2f]));
        var two = optimizer.Step(one.Model, new([4f]), one.Moments);

        Assert.Equal(first, one.Model.Span[0], 1e-6f);
        Assert.Equal(second, two.Model.Span[0], 2e-6f);
    }

    [Theory]
    [InlineData("fedadam")]
    [InlineData("fedyogi")]
    [InlineData("fedadagrad")]
    [InlineData("fedavgm")]
    public void Thirty_rounds_agree_with_a_plain_loop_in_double(string name)
    {
        const int Length = 1500;
        var plan = new ServerOptimizerPlan { Name = name, LearningRate = 0.01, Beta1 = 0.9, Beta2 = 0.999, Tau = 1e-8 };
        var optimizer = ServerOptimizers.For(plan);
        var random = SeededRandom.For("fedopt", 1);
        var (model, moments) = (ParameterVector.Zeros(Length), ParameterVector.Zeros(optimizer.Moments * Length));
        var (x, m, v) = (new double[Length], new double[Length], new double[Length]);
        for (var round = 0; round < 30; round++)
        {
            float[] aggregate = [.. Enumerable.Range(0, Length).Select(i => (float)((random.NextDouble() - 0.3) * Math.Pow(10, -i % 7)))];
            (model, moments) = optimizer.Step(model, new([.. aggregate]), moments);
            for (var i = 0; i < Length; i++)
            {
                double d = aggregate[i];
                m[i] = name == "fedavgm" ? (0.9 * m[i]) + d : (0.9 * m[i]) + (0.1 * d);
                v[i] = name switch
                {
                    "fedadam" => (0.999 * v[i]) + (0.001 * d * d),
                    "fedyogi" => v[i] - (0.001 * d * d * Math.Sign(v[i] - (d * d))),
                    _ => v[i] + (d * d),
                };
                x[i] += name == "fedavgm" ? 0.01 * m[i] : 0.01 * m[i] / (Math.Sqrt(v[i]) + 1e-8);
            }
        }

        for (var i = 0; i < Length; i++)
        {
            Assert.Equal(x[i], model.Span[i], 1e-6 + (1e-5 * Math.Abs(x[i])));
        }
    }

    [Fact]
    public void Momentum_of_zero_is_fedavg() => Assert.Equal(
        new FedAvg(0.3).Step(new([1f, -2f]), new([0.5f, 3f])).Model.Digest,
        new FedAvgM(0.3, 0).Step(new([1f, -2f]), new([0.5f, 3f]), new([7f, 7f])).Model.Digest);

    [Fact]
    public void Yogi_never_takes_the_second_moment_below_zero()
    {
        float[] v = [1e-30f, float.Epsilon, 1f];
        for (var round = 0; round < 1000; round++)
        {
            new YogiMoment(0).Move([9.999e-16f, 1e-23f, 0.9999999f], v);
            Assert.All(v, value => Assert.True(value >= 0));
        }
    }
}
