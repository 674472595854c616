using FederatedOrleans.Plans;

namespace FederatedOrleans.Models;

public sealed class InitialParametersTests
{
    private static readonly TrainingPlan Plan = Sample("fed-heart-disease.json");
    private static readonly TrainingPlan Images = Sample("chest-x-rays.json");

    [Fact]
    public void Zeros_are_zeros_for_weights_and_bias() => Assert.Equal(new float[14], For("zeros", 1).Span.ToArray());

    [Fact]
    public void Uniform_lies_within_its_bounds_and_fills_them()
    {
        var bound = (float)(1 / Math.Sqrt(13));
        var values = Enumerable.Range(0, 500).SelectMany(seed => For("uniform", seed).Span.ToArray()).ToArray();

        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        Assert.InRange(values.Average(), -0.01, 0.01);
        Assert.True(values.Max() > 0.99 * bound && values.Min() < -0.99 * bound);
    }

    // From an implementation of its own in another language: the same plan must start from the same model in every version and on every machine.
    [Fact]
    public void Sample_plan_starts_from_the_same_bits_for_ever() => Assert.Equal(PinnedDigest, InitialParameters.For(Plan).Digest.Hex);

    [Theory]
    [InlineData("zeros")]
    [InlineData("uniform")]
    public void Parts_are_those_of_the_whole_wherever_they_end(string initial)
    {
        var plan = Images with { Model = Images.Model with { Initial = initial } };
        var schema = ModelSchema.For(plan);
        Assert.Contains(schema.Tensors, tensor => tensor.Shape.Length > 1);
        var whole = InitialParameters.For(plan).Span.ToArray();
        foreach (var shift in new[] { -1, 0, 1 })
        {
            var values = new InitialValues(plan);
            var parts = new float[schema.Length];
            var from = 0;
            foreach (var end in schema.Tensors.Select(tensor => tensor.Offset + tensor.Length + shift).Where(end => end < parts.Length).Append(parts.Length))
            {
                values.Next(parts.AsSpan(from, end - from));
                from = end;
            }

            Assert.Equal(whole, parts);
            Assert.Throws<ArgumentOutOfRangeException>(() => values.Next(new float[1]));
        }
    }

    [Fact]
    public void Each_layer_lies_within_the_bound_of_its_inputs_and_so_do_its_biases()
    {
        var values = InitialParameters.For(Images with { Model = Images.Model with { Initial = "uniform" } }).Span;
        var inputs = 0;
        foreach (var tensor in ModelSchema.For(Images).Tensors)
        {
            inputs = tensor.Shape.Length > 1 ? tensor.Length / tensor.Shape[0] : inputs;
            var largest = values.Slice(tensor.Offset, tensor.Length).ToArray().Max(Math.Abs) * Math.Sqrt(inputs);
            Assert.InRange(largest, tensor.Length > 8 ? 0.7 : 0, 1.0001);
        }
    }

    [Fact]
    public void Another_seed_is_another_start() => Assert.NotEqual(For("uniform", 1).Digest, For("uniform", 2).Digest);

    [Fact]
    public void An_unknown_start_is_refused() => Assert.Throws<ArgumentException>(() => For("ones", 1));

    private static TrainingPlan Sample(string name) => TrainingPlanReader.Read(File.ReadAllBytes(RepositoryFiles.At("samples", "plans", name))).Plan!;

    private static ParameterVector For(string initial, long seed) =>
        InitialParameters.For(Plan with { Seed = seed, Model = Plan.Model with { Initial = initial } });

    private const string PinnedDigest = "e8a3a375d23664a1fa2dd2caf89b4c3a52266c6485c9f06bd732af6bc46c23f9";
}
