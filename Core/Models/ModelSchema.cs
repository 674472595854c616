using System.Collections.Immutable;
using FederatedOrleans.Objectives;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Models;

/// <summary>The named tensors that a flat vector of float32 holds, without gaps, in order.</summary>
public sealed record ModelSchema
{
    private ModelSchema(ImmutableArray<TensorSpec> tensors, int length) => (Tensors, Length) = (tensors, length);

    /// <summary>Tensors in the order of their offsets.</summary>
    public ImmutableArray<TensorSpec> Tensors { get; }

    /// <summary>Number of parameters.</summary>
    public int Length { get; }

    /// <summary>Number of bytes of the raw little-endian float32 payload.</summary>
    public long ByteLength => (long)Length * sizeof(float);

    /// <summary>Lays out tensors one after the other.</summary>
    /// <exception cref="ArgumentException">A name is repeated, or an extent is below 1.</exception>
    public static ModelSchema Of(params ReadOnlySpan<(string Name, ImmutableArray<int> Shape)> tensors)
    {
        var specs = ImmutableArray.CreateBuilder<TensorSpec>(tensors.Length);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var offset = 0;
        foreach (var (name, shape) in tensors)
        {
            if (!names.Add(name) || shape.Any(extent => extent < 1))
            {
                throw new ArgumentException($"Tensor '{name}' is repeated or has an extent below 1.", nameof(tensors));
            }

            var spec = new TensorSpec(name, shape, offset);
            specs.Add(spec);
            offset = checked(offset + spec.Length);
        }

        return new(specs.ToImmutable(), offset);
    }

    /// <summary>Whether another schema has the same tensors, by name, shape and order.</summary>
    public bool HasTensorsOf(ModelSchema other) => other is not null
        && Tensors.Select(tensor => tensor.Name).SequenceEqual(other.Tensors.Select(tensor => tensor.Name), StringComparer.Ordinal)
        && Tensors.Zip(other.Tensors).All(pair => pair.First.Shape.SequenceEqual(pair.Second.Shape));

    /// <summary>The schema of a plan's model: for logistic regression <c>weights</c> of as many elements as inputs, and <c>bias</c>; for a rehearsal <c>parameters</c>.</summary>
    public static ModelSchema For(TrainingPlan plan) => plan.Model.Kind switch
    {
        ModelKinds.Rehearsal => Of(("parameters", [plan.Model.Parameters ?? 1])),
        ModelKinds.LogisticRegression => Of(("weights", [plan.Dataset.Schema.InputNames.Length]), ("bias", [1])),
        _ => throw new ArgumentException($"Unknown model kind '{plan.Model.Kind}'.", nameof(plan)),
    };

    /// <summary>The schema of an update to a plan's model: that of the model and, where there are control variates, <c>control.</c> of each tensor after it.</summary>
    public static ModelSchema OfUpdate(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var model = For(plan);
        return LocalObjectives.HasControl(plan.Training.Objective)
            ? Of([.. model.Tensors.Select(tensor => (tensor.Name, tensor.Shape)), .. model.Tensors.Select(tensor => ($"control.{tensor.Name}", tensor.Shape))])
            : model;
    }
}
