using System.Collections.Immutable;
using FederatedOrleans.Plans;

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

    /// <summary>The start of <paramref name="plan"/>: the same bits wherever it is computed. In parts: <see cref="InitialValues"/>.</summary>
    /// <exception cref="ArgumentException">The plan names an unknown start or kind of model, or one that can't be computed.</exception>
    public static ParameterVector For(TrainingPlan plan)
    {
        var values = new InitialValues(plan);
        var parameters = new float[values.Length];
        values.Next(parameters);
        return new(parameters);
    }
}
