using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Models;

namespace FederatedOrleans.Plans;

/// <summary>Convolutional networks and ensembles of trees in plans: what is read, and what is refused before a hospital sees it.</summary>
public sealed class ModelPlanTests
{
    private static readonly string Images = File.ReadAllText(RepositoryFiles.At("samples", "plans", "chest-x-rays.json"));

    private const string Trees = """
        {
          "version": 1, "name": "trees", "rounds": 1,
          "dataset": { "name": "toy", "schema": { "features": [{ "name": "age" }, { "name": "sex" }], "label": "ill" } },
          "model": { "kind": "tree-ensemble", "trees": 20, "leaves": 8 },
          "training": { "learningRate": 0.2, "standardization": "none" },
          "hospitals": ["south", "north"]
        }
        """;

    [Fact]
    public void The_sample_of_images_is_a_network_of_the_published_size()
    {
        var plan = Accepted(Images);
        var schema = ModelSchema.For(plan);

        Assert.Equal(105_281, schema.Length);
        Assert.Equal(
            [
                "layer1.weights 16x1x3x3", "layer1.bias 16", "layer2.weights 32x16x3x3", "layer2.bias 32",
                "layer3.weights 64x1568", "layer3.bias 64", "layer4.weights 1x64", "layer4.bias 1",
            ],
            schema.Tensors.Select(tensor => $"{tensor.Name} {string.Join('x', tensor.Shape)}"));
        Assert.Equal(("none", "uniform", 0.9), (plan.Training.Standardization, plan.Model.Initial, plan.Training.Momentum));
        Assert.Equal((784, 0), (plan.Dataset.Schema.InputCount, plan.Dataset.Schema.InputNames.Length));
        Assert.NotEqual(plan.Dataset.Schema.Digest, (plan.Dataset.Schema with { Image = new(1, 28, 29) }).Digest);
    }

    [Fact]
    public void A_network_starts_uniform_by_what_comes_into_each_unit()
    {
        var plan = Accepted(Images);
        var start = InitialParameters.For(plan);
        foreach (var (tensor, inputs) in ModelSchema.For(plan).Tensors.Zip([9, 9, 144, 144, 1568, 1568, 64, 64]))
        {
            var largest = start.Span.Slice(tensor.Offset, tensor.Length).ToArray().Max(MathF.Abs);
            Assert.InRange(largest, tensor.Length < 16 ? 0 : 0.6 / Math.Sqrt(inputs), 1 / Math.Sqrt(inputs));
        }
    }

    [Theory]
    [InlineData("layers", "[]", "$.model.layers: must hold 1 to 64 layers")]
    [InlineData("layers", """[{"type": "conv", "channels": 4}]""", "$.model.layers[0].kernel: is required")]
    [InlineData("layers", """[{"type": "conv", "channels": 4, "kernel": 3, "padding": 3}]""", "$.model.layers[0].padding: is 3: it must be smaller than the kernel, which is 3")]
    [InlineData("layers", """[{"type": "relu", "size": 2}]""", "$.model.layers[0].size: has no meaning for relu; it is for max-pool, average-pool")]
    [InlineData("layers", """[{"type": "reluu"}]""", "$.model.layers[0].type: is 'reluu', which is unknown")]
    [InlineData("layers", """[{"type": "linear", "units": 4}, {"type": "max-pool"}]""", "$.model.layers[1]: is max-pool, which needs an image; after linear there is none")]
    [InlineData("layers", """[{"type": "max-pool", "size": 16}, {"type": "max-pool"}]""", "$.model.layers[1]: is max-pool on 1 x 1 x 1, of which nothing is left")]
    [InlineData("layers", """[{"type": "conv", "channels": 4, "kernel": 29}]""", "$.model.layers[0]: is conv on 1 x 28 x 28, of which nothing is left")]
    [InlineData("layers", """[{"type": "conv", "channels": 1024, "kernel": 1, "padding": 0}, {"type": "linear", "units": 4096}]""", "that are too large: at most 250,000,000 values")]
    [InlineData("layers", null, "$.model.layers: is missing: a cnn needs its layers")]
    [InlineData("initial", "\"zeros\"", "$.model.initial: is zeros: all units of a layer would stay alike")]
    [InlineData("hidden", "[3]", "$.model.hidden: has no meaning for cnn")]
    public void A_network_that_cannot_be_is_refused(string member, string? value, string message) =>
        Assert.Contains(message, Faults(Images, root => Set(root["model"]!.AsObject(), member, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"features": [{"name": "age"}], "label": "ill"}""", "$.model.kind: is cnn, which needs images: the schema has features")]
    [InlineData("""{"features": [{"name": "age"}], "image": {"height": 8, "width": 8}, "label": "ill"}""", "$.dataset.schema.features: stand beside image")]
    [InlineData("""{"image": {"height": 0, "width": 8}, "label": "ill"}""", "$.dataset.schema.image.height: must be from 1 to 4,096 but is 0")]
    [InlineData("""{"image": {"channels": 16, "height": 4096, "width": 4096}, "label": "ill"}""", "$.dataset.schema.image.width: gives images of 268,435,456 values")]
    [InlineData("""{"label": "ill"}""", "$.dataset.schema.features: is required")]
    public void Images_that_cannot_be_are_refused(string schema, string message) =>
        Assert.Contains(message, Faults(Images, root => root["dataset"]!["schema"] = JsonNode.Parse(schema)), StringComparison.Ordinal);

    [Fact]
    public void A_batch_that_no_memory_holds_is_refused() => Assert.Contains(
        "$.training.batchSize: is 65,536, with 12,544 values an image after some layer: more than a hospital's memory may hold; at most 21,399 fit",
        Faults(Images, root => root["training"]!["batchSize"] = 65536),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"name": "scaffold"}""", null)]
    [InlineData(null, "fednova")]
    public void Momentum_does_not_go_with_what_takes_a_step_for_a_gradient(string? objective, string? aggregator)
    {
        var faults = Faults(Images, root =>
        {
            Set(root["training"]!.AsObject(), "objective", objective);
            root["aggregator"] = aggregator is null ? null : new JsonObject { ["name"] = aggregator };
        });
        Assert.Contains($"$.training.momentum: does not go with {aggregator ?? "scaffold"}", faults, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ensemble_has_a_part_for_each_hospital_in_ordinal_order()
    {
        var plan = Accepted(Trees);
        var schema = ModelSchema.For(plan);

        Assert.Equal(("union", 10), (plan.Aggregator.Name, plan.Model.LeafRows));
        Assert.Equal(
            ["north.header 3", "north.sizes 20", "north.nodes 20x7x4", "north.leaves 20x8", "south.header 3", "south.sizes 20", "south.nodes 20x7x4", "south.leaves 20x8"],
            schema.Tensors.Select(tensor => $"{tensor.Name} {string.Join('x', tensor.Shape)}"));
        Assert.Equal(new ModelPart(0, schema.Length / 2), HospitalParts.Of(plan, "north"));
        Assert.Equal(new ModelPart(schema.Length / 2, schema.Length / 2), HospitalParts.Of(plan, "south"));
        Assert.Throws<ArgumentException>(() => HospitalParts.Of(plan, "west"));
        Assert.Null(HospitalParts.Of(Accepted(Images), "north"));
        var layout = TreeLayout.Of(plan);
        Assert.Equal(schema.Tensors.Take(4).Select(tensor => tensor.Offset), [0, TreeLayout.SizesAt, layout.NodesAt, layout.LeavesAt]);
    }

    [Theory]
    [InlineData("hospitals", null, "$.hospitals: are missing: in a tree-ensemble each hospital has its place")]
    [InlineData("aggregator", """{"name": "weighted-mean"}""", "$.aggregator.name: is weighted-mean: trees cannot be averaged; take union")]
    [InlineData("aggregator", """{"name": "fednova"}""", "$.aggregator.name: is fednova, which counts local steps")]
    [InlineData("serverOptimizer", """{"name": "fedadam", "learningRate": 0.1}""", "$.serverOptimizer: must be fedavg with a learning rate of 1")]
    [InlineData("serverOptimizer", """{"name": "fedavg", "learningRate": 0.5}""", "$.serverOptimizer: must be fedavg with a learning rate of 1")]
    [InlineData("transfer", """{"update": "int8"}""", "$.transfer.update: is int8, which would change what trees look at")]
    [InlineData("personalization", """{"name": "fine-tune"}""", "$.personalization: trains along a gradient")]
    public void What_cannot_be_combined_with_trees_is_refused(string member, string? value, string message) =>
        Assert.Contains(message, Faults(Trees, root => Set(root, member, value)), StringComparison.Ordinal);

    [Fact]
    public void Scaffold_with_trees_and_steps_of_trees_are_refused()
    {
        var faults = Faults(Trees, root => root["training"] = JsonNode.Parse("""{"learningRate": 0.2, "objective": {"name": "scaffold"}, "batchSize": 4, "steps": 3, "momentum": 0.5}"""));
        Assert.Contains("$.training.objective.name: is scaffold, which corrects gradients; a tree-ensemble is trained without any", faults, StringComparison.Ordinal);
        Assert.Contains("$.training.batchSize: has no meaning for a tree-ensemble", faults, StringComparison.Ordinal);
        Assert.Contains("$.training.steps: has no meaning for a tree-ensemble", faults, StringComparison.Ordinal);
        Assert.Contains("$.training.momentum: has no meaning for a tree-ensemble", faults, StringComparison.Ordinal);
    }

    [Fact]
    public void Union_is_for_trees_only() => Assert.Contains(
        "$.aggregator.name: is union, which is for a tree-ensemble",
        Faults(Images, root => root["aggregator"] = JsonNode.Parse("""{"name": "union"}""")),
        StringComparison.Ordinal);

    private static TrainingPlan Accepted(string json)
    {
        var (plan, faults) = TrainingPlanReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.Empty(faults);
        return plan!;
    }

    private static string Faults(string json, Action<JsonObject> edit)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        edit(root);
        var (plan, faults) = TrainingPlanReader.Read(Encoding.UTF8.GetBytes(root.ToJsonString()));
        Assert.Null(plan);
        return string.Join('\n', faults);
    }

    private static void Set(JsonObject root, string member, string? value)
    {
        if (value is null)
        {
            root.Remove(member);
        }
        else
        {
            root[member] = JsonNode.Parse(value);
        }
    }
}
