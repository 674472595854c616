using FederatedOrleans.Models;

namespace FederatedOrleans.Objectives;

/// <summary>What the local objectives add to a gradient.</summary>
public sealed class LocalObjectiveTests
{
    [Fact]
    public void A_hospitals_own_loss_is_left_alone()
    {
        double[] gradient = [1, -2];
        new OwnLoss().Adjust(gradient, 4, [5, 6]);
        Assert.Equal([1.0, -2], gradient);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(2500)]
    public void The_proximal_term_pulls_towards_the_global_model(int length)
    {
        var start = new ParameterVector([.. Enumerable.Range(0, length).Select(i => (float)i)]);
        double[] gradient = [.. Enumerable.Repeat(1.0, length)];
        double[] local = [.. Enumerable.Range(0, length).Select(i => i + (i % 2 == 0 ? 0.5 : -0.25))];
        new FedProx(start, 2).Adjust(gradient, 3, local);

        // The sum over three rows: each row's gradient, and three times mu (y - x).
        Assert.Equal(Enumerable.Range(0, length).Select(i => i % 2 == 0 ? 1 + (3 * 2 * 0.5) : 1 - (3 * 2 * 0.25)), gradient);
    }

    [Fact]
    public void No_proximal_term_leaves_the_very_bits()
    {
        double[] gradient = [0.1, 1e-300, -7];
        new FedProx(new([1f, 2f, 3f]), 0).Adjust(gradient, 4, [9, 9, 9]);
        Assert.Equal([0.1, 1e-300, -7], gradient);
    }

    [Fact]
    public void Scaffold_corrects_by_the_servers_control_variate_less_the_hospitals()
    {
        double[] gradient = [1, 1];
        new Scaffold(new([0.5f, 0f]), new([0.25f, -1f])).Adjust(gradient, 2, [0, 0]);
        Assert.Equal([1.5, 3], gradient);
    }

    // Option II: with steps y - lr (g - c_k + c) the next control variate is the mean of the gradients that were seen.
    [Fact]
    public void The_next_control_variate_is_the_mean_gradient()
    {
        var (server, own) = (new ParameterVector([0.5f, -0.25f]), new ParameterVector([0.125f, 1f]));
        var objective = new Scaffold(server, own);
        double[][] gradients = [[1, 2], [3, -2], [0.5, 3]];
        double[] moved = [0, 0];
        foreach (var seen in gradients)
        {
            double[] gradient = [.. seen];
            objective.Adjust(gradient, 1, moved);
            for (var i = 0; i < 2; i++)
            {
                moved[i] -= 0.1 * gradient[i];
            }
        }

        var next = objective.Next(moved, 0.3).Span.ToArray();
        Assert.Equal(1.5f, next[0], 1e-6f);
        Assert.Equal(1f, next[1], 1e-6f);
        Assert.Throws<ArgumentOutOfRangeException>(() => objective.Next(moved, 0));
        Assert.Throws<ArgumentException>(() => new Scaffold(server, new([1f])));
    }

    [Fact]
    public void The_servers_control_variate_is_the_mean_of_the_hospitals_by_rows()
    {
        // First a hospital of 10 rows alone, its c_k from 0 to 3; then one of 30 rows joins with 1, and the first moves on to 5.
        float[] control = [0];
        ControlVariate.MovePart(control, [3f], 0, 10, 10);
        Assert.Equal(3f, control[0]);
        ControlVariate.MovePart(control, [((10 * 2f) + (30 * 1f)) / 40], 10, 40, 40);
        Assert.Equal(((10 * 5f) + (30 * 1f)) / 40, control[0], 1e-6f);

        // Then the second alone moves on to 2.
        ControlVariate.MovePart(control, [1f], 40, 30, 40);
        Assert.Equal(((10 * 5f) + (30 * 2f)) / 40, control[0], 1e-6f);
        Assert.Throws<ArgumentException>(() => ControlVariate.MovePart(new float[1], [1f, 2f], 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ControlVariate.MovePart(new float[1], [1f], 0, 0, 1));
    }
}
