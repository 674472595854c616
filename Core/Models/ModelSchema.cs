using System.Collections.Immutable;
using FederatedOrleans.Objectives;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;

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

    /// <summary>The schema of a plan's model: for logistic and linear regression <c>weights</c> of as many elements as inputs, and <c>bias</c>; the same a class for softmax regression, a unit
    /// for each layer (<c>layer1.weights</c>, ...) of a perceptron, weights of a unit in a row; for a rehearsal <c>parameters</c>.</summary>
    public static ModelSchema For(TrainingPlan plan) => plan.Model.Kind switch
    {
        ModelKinds.Rehearsal => Of(("parameters", [plan.Model.Parameters ?? 1])),
        ModelKinds.Statistics => Of(("statistics", [checked((int)SumsCodec.LengthOf(plan))])),
        ModelKinds.LogisticRegression or ModelKinds.LinearRegression => Of(("weights", [ModelInputs.CountOf(plan)]), ("bias", [1])),
        ModelKinds.SoftmaxRegression => Of(
            ("weights", [plan.Dataset.Schema.ClassCount, ModelInputs.CountOf(plan)]), ("bias", [plan.Dataset.Schema.ClassCount])),
        ModelKinds.MultilayerPerceptron => OfLayers(LayerSizes(plan)),
        ModelKinds.ConvolutionalNetwork => ConvolutionalShapes.SchemaOf(
            plan.Dataset.Schema.Image ?? throw new ArgumentException("A convolutional network needs images.", nameof(plan)),
            plan.Model.Layers,
            OutputCount(plan)),
        ModelKinds.TreeEnsemble => TreeLayout.Of(plan).Schema(),
        _ => throw new ArgumentException($"Unknown model kind '{plan.Model.Kind}'.", nameof(plan)),
    };

    /// <summary>Sizes of a perceptron's layers, the inputs first and the outputs last.</summary>
    public static ImmutableArray<int> LayerSizes(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [ModelInputs.CountOf(plan), .. plan.Model.Hidden, OutputCount(plan)];
    }

    /// <summary>Outputs of a plan's model: 1 for a binary or numeric label, or one a class.</summary>
    public static int OutputCount(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Dataset.Schema.LabelKind == LabelKind.Categorical ? plan.Dataset.Schema.ClassCount : 1;
    }

    private static ModelSchema OfLayers(ImmutableArray<int> sizes) => Of(
    [
        .. sizes.Zip(sizes.Skip(1)).Index().SelectMany(layer => new (string, ImmutableArray<int>)[]
        {
            ($"layer{layer.Index + 1}.weights", [layer.Item.Second, layer.Item.First]),
            ($"layer{layer.Index + 1}.bias", [layer.Item.Second]),
        }),
    ]);

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
