using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Models;

/// <summary>The values of <see cref="InitialParameters"/> one part after the other, for models that nobody wants in memory whole.</summary>
/// <remarks>Values by chance come from one stream in the model's order: however it is cut into parts, the bits are the same.</remarks>
public sealed class InitialValues
{
    private readonly ModelSchema _schema;
    private readonly SeededRandom? _random;
    private double _inputs;
    private double _bound;
    private int _tensor;
    private int _at;

    /// <summary>At the first value.</summary>
    /// <param name="plan">Whose model it is.</param>
    /// <exception cref="ArgumentException">The plan names an unknown start or kind of model, or one that can't be computed.</exception>
    public InitialValues(TrainingPlan plan)
    {
        _schema = ModelSchema.For(plan);
        (_random, _inputs) = plan.Model.Initial switch
        {
            InitialParameters.Zeros => (null, 1),
            InitialParameters.Uniform => (SeededRandom.For("initial-parameters", plan.Seed), ModelInputs.CountOf(plan)),
            _ => throw new ArgumentException($"Unknown start '{plan.Model.Initial}'.", nameof(plan)),
        };
    }

    /// <summary>Parameters of the model.</summary>
    public int Length => _schema.Length;

    /// <summary>Writes the next values.</summary>
    /// <param name="part">As many as there are left at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer left.</exception>
    public void Next(Span<float> part)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part.Length, Length - _at, nameof(part));
        if (_random is null)
        {
            part.Clear();
            _at += part.Length;
            return;
        }

        while (!part.IsEmpty)
        {
            var tensor = _schema.Tensors[_tensor];
            if (_at == tensor.Offset)
            {
                // A unit's weights lie together; its bias, which follows, has as many inputs.
                _inputs = tensor.Shape.Length > 1 ? tensor.Length / tensor.Shape[0] : _inputs;
                _bound = 1.0 / Math.Sqrt(_inputs);
            }

            var values = part[..Math.Min(part.Length, tensor.Offset + tensor.Length - _at)];
            foreach (ref var value in values)
            {
                value = (float)(((2.0 * _random.NextDouble()) - 1.0) * _bound);
            }

            part = part[values.Length..];
            _at += values.Length;
            _tensor += _at == tensor.Offset + tensor.Length ? 1 : 0;
        }
    }
}
