using FederatedOrleans.Plans;

namespace FederatedOrleans.Models;

public sealed class InitialParametersTests
{
    private static readonly TrainingPlan Plan =
        TrainingPlanReader.Read(File.ReadAllBytes(RepositoryFiles.At("samples", "plans", "fed-heart-disease.json"))).Plan!;

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
    public void Parts_of_any_length_are_those_of_the_whole(string initial)
    {
        var plan = Plan with { Model = Plan.Model with { Initial = initial } };
        var values = new InitialValues(plan);
        var whole = new float[values.Length];
        for (var (start, length) = (0, 1); start < whole.Length; start += length, length = 5)
        {
            values.Next(whole.AsSpan(start, Math.Min(length, whole.Length - start)));
        }

        Assert.Equal(InitialParameters.For(plan).Digest, new ParameterVector(whole).Digest);
        Assert.Throws<ArgumentOutOfRangeException>(() => values.Next(new float[1]));
    }

    [Fact]
    public void Another_seed_is_another_start() => Assert.NotEqual(For("uniform", 1).Digest, For("uniform", 2).Digest);

    [Fact]
    public void An_unknown_start_is_refused() => Assert.Throws<ArgumentException>(() => For("ones", 1));

    private static ParameterVector For(string initial, long seed) =>
        InitialParameters.For(Plan with { Seed = seed, Model = Plan.Model with { Initial = initial } });

    private const string PinnedDigest = "e8a3a375d23664a1fa2dd2caf89b4c3a52266c6485c9f06bd732af6bc46c23f9";
}
