using System.Collections.Immutable;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Models;

/// <summary>The model that a run starts from.</summary>
public static class InitialParameters
{
    /// <summary>All parameters zero.</summary>
    public const string Zeros = "zeros";

    /// <summary>All parameters, weights and bias, uniform in +-1/sqrt(inputs of the layer), by the plan's seed alone.</summary>
    public const string Uniform = "uniform";

    /// <summary>Those of a committed model of another run: see <see cref="ModelSource"/>. They are not computed but looked up.</summary>
    public const string Committed = "committed";

    /// <summary>Every start there is.</summary>
    public static ImmutableArray<string> Names { get; } = [Zeros, Uniform, Committed];

    /// <summary>The start of <paramref name="plan"/>: the same bits wherever it is computed.</summary>
    /// <exception cref="ArgumentException">The plan names an unknown start or kind of model, or one that can't be computed.</exception>
    public static ParameterVector For(TrainingPlan plan)
    {
        var schema = ModelSchema.For(plan);
        return plan.Model.Initial switch
        {
            Zeros => ParameterVector.Zeros(schema.Length),
            Uniform => UniformIn(plan, schema),
            _ => throw new ArgumentException($"Unknown start '{plan.Model.Initial}'.", nameof(plan)),
        };
    }

    private static ParameterVector UniformIn(TrainingPlan plan, ModelSchema schema)
    {
        var random = SeededRandom.For("initial-parameters", plan.Seed);
        var values = new float[schema.Length];
        var inputs = ModelInputs.CountOf(plan);
        foreach (var tensor in schema.Tensors)
        {
            // A unit's weights lie together; its bias, which follows, has as many inputs.
            inputs = tensor.Shape.Length > 1 ? tensor.Length / tensor.Shape[0] : inputs;
            var bound = 1.0 / Math.Sqrt(inputs);
            foreach (ref var value in values.AsSpan(tensor.Offset, tensor.Length))
            {
                value = (float)(((2.0 * random.NextDouble()) - 1.0) * bound);
            }
        }

        return new(values);
    }
}
