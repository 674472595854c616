using System.Collections.Immutable;
using System.Text.Json;
using FederatedOrleans.Json;
using FederatedOrleans.Models;

namespace FederatedOrleans.Plans;

/// <summary>Reads a plan's model.</summary>
internal static class ModelReader
{
    private const int MostLayers = 8;
    private const int MostUnits = 4096;
    private const int MostTrees = 1000;
    private const int MostLeaves = 256;
    private const int MostLeafRows = 1_000_000;
    private const int DefaultLeafRows = 10;

    /// <summary>Most values of an update.</summary>
    public const int MostParameters = 250_000_000;

    public static ModelPlan Read(JsonObjectReader root)
    {
        var reader = root.Object("model", required: true);
        if (reader is null)
        {
            return new() { Kind = ModelKinds.LogisticRegression };
        }

        var kind = reader.Choice("kind", ModelKinds.Names, required: true);
        var plan = new ModelPlan
        {
            Kind = kind ?? ModelKinds.LogisticRegression,
            Initial = reader.Choice("initial", InitialParameters.Names)
                ?? (kind is not null && ModelKinds.HasHiddenUnits(kind) ? InitialParameters.Uniform : InitialParameters.Zeros),
            Parameters = reader.WholeInt32("parameters", 1, MostParameters),
            Hidden = ReadHidden(reader),
            Activation = reader.Choice("activation", Activations.Names) ?? Activations.Relu,
            Layers = LayersReader.Read(reader),
            Trees = reader.WholeInt32("trees", 1, MostTrees, required: kind == ModelKinds.TreeEnsemble),
            Leaves = reader.WholeInt32("leaves", 2, MostLeaves, required: kind == ModelKinds.TreeEnsemble),
            LeafRows = reader.WholeInt32("leafRows", 1, MostLeafRows) ?? (kind == ModelKinds.TreeEnsemble ? DefaultLeafRows : null),
            From = ModelSourceReader.Read(reader, "from"),
        };
        if (plan.Kind == ModelKinds.Rehearsal != reader.Has("parameters"))
        {
            reader.Fault("parameters", plan.Kind == ModelKinds.Rehearsal
                ? "is missing: a rehearsal needs the number of its parameters"
                : "is for a rehearsal only: the data decide how many parameters this kind has");
        }

        if (plan.Kind == ModelKinds.MultilayerPerceptron && !reader.Has("hidden"))
        {
            reader.Fault("hidden", "is missing: an mlp needs the sizes of its hidden layers, as [16] or [64, 32]");
        }

        if (plan.Kind == ModelKinds.ConvolutionalNetwork && !reader.Has("layers"))
        {
            reader.Fault("layers", "is missing: a cnn needs its layers, as [{\"type\": \"conv\", \"channels\": 16, \"kernel\": 3}, {\"type\": \"relu\"}]");
        }

        if (ModelKinds.HasHiddenUnits(plan.Kind) && plan.Initial == InitialParameters.Zeros)
        {
            reader.Fault("initial", $"is {InitialParameters.Zeros}: all units of a layer would stay alike; take {InitialParameters.Uniform}");
        }

        reader.OnlyFor(kind, "hidden", ModelKinds.MultilayerPerceptron);
        reader.OnlyFor(kind, "activation", ModelKinds.MultilayerPerceptron);
        reader.OnlyFor(kind, "layers", ModelKinds.ConvolutionalNetwork);
        foreach (var member in new[] { "trees", "leaves", "leafRows" })
        {
            reader.OnlyFor(kind, member, ModelKinds.TreeEnsemble);
        }

        if (kind == ModelKinds.TreeEnsemble && plan.Initial == InitialParameters.Uniform)
        {
            reader.Fault("initial", $"is {InitialParameters.Uniform}: trees begin with none; take {InitialParameters.Zeros}");
        }

        CheckStart(reader, plan);
        reader.Finish();

        // A harmless value where the number is missing: the plan does not leave here then.
        return plan.Kind switch
        {
            ModelKinds.Rehearsal => plan with { Parameters = plan.Parameters ?? 1 },
            ModelKinds.TreeEnsemble => plan with { Trees = plan.Trees ?? 1, Leaves = plan.Leaves ?? 2 },
            _ => plan,
        };
    }

    private static void CheckStart(JsonObjectReader reader, ModelPlan plan)
    {
        if (plan.Initial == InitialParameters.Committed != reader.Has("from"))
        {
            reader.Fault("from", plan.Initial == InitialParameters.Committed
                ? "is missing: it names the run whose committed model this one starts from, as {\"run\": \"study-1a2b3c4d\"}"
                : $"has no meaning where initial is {plan.Initial}; it is for {InitialParameters.Committed}");
        }
    }

    private static ImmutableArray<int> ReadHidden(JsonObjectReader model)
    {
        var sizes = ImmutableArray.CreateBuilder<int>();
        var items = model.Items("hidden");
        foreach (var (value, _) in items ?? [])
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size is >= 1 and <= MostUnits)
            {
                sizes.Add(size);
            }
        }

        if (items is { } given && (given.Length is 0 or > MostLayers || sizes.Count < given.Length))
        {
            model.Fault("hidden", $"must hold the sizes of 1 to {MostLayers} layers, each from 1 to {MostUnits:N0}");
        }

        return sizes.ToImmutable();
    }
}
