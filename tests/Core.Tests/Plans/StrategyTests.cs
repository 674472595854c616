using System.Text;
using System.Text.Json.Nodes;

namespace FederatedOrleans.Plans;

/// <summary>The parts of a strategy in a plan: each by name, and only together with what goes with it.</summary>
public sealed class StrategyTests
{
    private static readonly string Sample = File.ReadAllText(RepositoryFiles.At("samples", "plans", "fed-heart-disease.json"));

    [Fact]
    public void Every_part_is_read()
    {
        var (plan, faults) = Read(root =>
        {
            root["training"]!["objective"] = new JsonObject { ["name"] = "fedprox", ["mu"] = 0.25 };
            root["training"]!["schedule"] = new JsonObject { ["name"] = "step", ["everyRounds"] = 3, ["factor"] = 0.5 };
            root["aggregator"] = new JsonObject { ["name"] = "fednova" };
            root["serverOptimizer"] = new JsonObject { ["name"] = "fedyogi", ["learningRate"] = 0.02, ["beta1"] = 0.5, ["beta2"] = 0.75, ["tau"] = 0.125 };
        });

        Assert.Empty(faults);
        Assert.Equal(new LocalObjectivePlan { Name = "fedprox", Mu = 0.25 }, plan!.Training.Objective);
        Assert.Equal(new LearningRateSchedulePlan { Name = "step", EveryRounds = 3, Factor = 0.5 }, plan.Training.Schedule);
        Assert.Equal(("fednova", AggregatorPlan.DefaultGroupSize), (plan.Aggregator.Name, plan.Aggregator.GroupSize));
        Assert.Equal(
            new ServerOptimizerPlan { Name = "fedyogi", LearningRate = 0.02, Beta1 = 0.5, Beta2 = 0.75, Tau = 0.125 }, plan.ServerOptimizer);
    }

    [Fact]
    public void Without_them_a_plan_is_FedAvg()
    {
        var (plan, _) = Read(_ => { });
        Assert.Equal(("erm", "constant", "weighted-mean", "fedavg", 1.0), (
            plan!.Training.Objective.Name, plan.Training.Schedule.Name, plan.Aggregator.Name, plan.ServerOptimizer.Name, plan.ServerOptimizer.LearningRate));
    }

    [Theory]
    [InlineData("training.objective", "{\"name\":\"fedprx\"}", "$.training.objective.name", "did you mean 'fedprox'?")]
    [InlineData("training.objective", "{\"name\":\"fedprox\"}", "$.training.objective.mu", "is missing")]
    [InlineData("training.objective", "{\"name\":\"scaffold\",\"mu\":1}", "$.training.objective.mu", "has no meaning for scaffold; it is for fedprox")]
    [InlineData("training.objective", "{\"name\":\"fedprox\",\"mu\":2000}", "$.training.objective.mu", "from 0 to 1000")]
    [InlineData("training.objective", "{\"mu\":1}", "$.training.objective.name", "is required")]
    [InlineData("training.schedule", "{\"name\":\"step\",\"factor\":0.5}", "$.training.schedule.everyRounds", "is required")]
    [InlineData("training.schedule", "{\"name\":\"cosine\",\"factor\":0.5}", "$.training.schedule.factor", "has no meaning for cosine; it is for step")]
    [InlineData("training.schedule", "{\"name\":\"step\",\"everyRounds\":1,\"factor\":0}", "$.training.schedule.factor", "above 0")]
    [InlineData("serverOptimizer", "{\"name\":\"fedadam\"}", "$.serverOptimizer.learningRate", "has no default")]
    [InlineData("serverOptimizer", "{\"name\":\"fedavg\",\"beta1\":0.9}", "$.serverOptimizer.beta1", "has no meaning for fedavg")]
    [InlineData("serverOptimizer", "{\"momentum\":0.9}", "$.serverOptimizer.momentum", "it is for fedavgm")]
    [InlineData("serverOptimizer", "{\"name\":\"fedadagrad\",\"learningRate\":0.1,\"beta2\":0.9}", "$.serverOptimizer.beta2", "it is for fedadam, fedyogi")]
    [InlineData("serverOptimizer", "{\"name\":\"fedadam\",\"learningRate\":0.1,\"beta2\":1}", "$.serverOptimizer.beta2", "from 0 to 0.999999")]
    [InlineData("serverOptimizer", "{\"name\":\"fedadam\",\"learningRate\":0.1,\"tau\":0}", "$.serverOptimizer.tau", "from 1E-12 to 1")]
    [InlineData("evaluation", "{\"stopEarly\":{}}", "$.evaluation.stopEarly.patience", "is required")]
    [InlineData("evaluation", "{\"stopEarly\":{\"patience\":1,\"metric\":\"loss\"}}", "$.evaluation.stopEarly.metric", "known: logLoss, accuracy, auc")]
    [InlineData("evaluation", "{\"stopEarly\":{\"patience\":0}}", "$.evaluation.stopEarly.patience", "from 1 to 10,000")]
    [InlineData("personalization", "{\"name\":\"ditto\"}", "$.personalization.lambda", "is required")]
    [InlineData("personalization", "{\"name\":\"fine-tune\",\"lambda\":1}", "$.personalization.lambda", "it is for ditto")]
    [InlineData("personalization", "{\"name\":\"fine-tune\",\"steps\":1,\"epochs\":1}", "$.personalization.steps", "stands beside epochs")]
    [InlineData("personalization", "{\"name\":\"ditto\",\"lambda\":40,\"learningRate\":0.05}", "$.personalization.lambda", "must be below 2")]
    [InlineData("serverOptimizer", "{\"name\":\"adam\"}", "$.serverOptimizer.name", "known: fedavg, fedavgm, fedadagrad, fedadam, fedyogi")]
    public void A_part_that_is_wrong_is_one_fault_with_its_place(string member, string json, string path, string message)
    {
        var fault = Assert.Single(Read(root => Set(root, member, json)).Faults.DistinctBy(fault => fault.Path));
        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_combined_is_told_at_once()
    {
        var rehearsal = Read(root =>
        {
            root["model"] = new JsonObject { ["kind"] = "rehearsal", ["parameters"] = 10 };
            root["training"]!["objective"] = new JsonObject { ["name"] = "scaffold" };
            root["aggregator"] = new JsonObject { ["name"] = "fednova" };
        }).Faults;
        Assert.Equal(["$.training.objective.name", "$.aggregator.name", "$.aggregator.name"], rehearsal.Select(fault => fault.Path));

        var nova = Read(root =>
        {
            root["training"]!["objective"] = new JsonObject { ["name"] = "scaffold" };
            root["aggregator"] = new JsonObject { ["name"] = "fednova" };
        }).Faults;
        Assert.Contains("control variates", Assert.Single(nova).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weighted-mean", 0.01, 200, 2)]
    [InlineData("fednova", 0.01, 100, 1)]
    public void A_proximal_term_that_would_throw_the_model_past_the_global_one_is_refused(string aggregator, double rate, double mu, int most)
    {
        void Change(JsonObject root, double weight)
        {
            root["aggregator"] = new JsonObject { ["name"] = aggregator };
            root["training"]!["learningRate"] = rate;
            root["training"]!["objective"] = new JsonObject { ["name"] = "fedprox", ["mu"] = weight };
        }

        var fault = Assert.Single(Read(root => Change(root, mu)).Faults);
        Assert.Equal("$.training.objective.mu", fault.Path);
        Assert.Contains($"must be below {most}", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Read(root => Change(root, mu - 1)).Faults);
    }

    [Fact]
    public void A_label_may_have_classes_and_a_model_hidden_layers()
    {
        var (plan, faults) = Read(root =>
        {
            Set(root, "dataset.schema.label", "{\"name\":\"num\",\"kind\":\"categorical\",\"levels\":[\"0\",\"1\",\"2\"]}");
            Set(root, "model", "{\"kind\":\"mlp\",\"hidden\":[8,4],\"activation\":\"tanh\"}");
        });

        Assert.Empty(faults);
        Assert.Equal((LabelKind.Categorical, 3, "num"), (plan!.Dataset.Schema.LabelKind, plan.Dataset.Schema.ClassCount, plan.Dataset.Schema.Label));
        Assert.Equal(("8,4", "tanh", "uniform"), (string.Join(',', plan.Model.Hidden), plan.Model.Activation, plan.Model.Initial));
        Assert.Equal((13 * 8) + 8 + (8 * 4) + 4 + (4 * 3) + 3, Models.ModelSchema.For(plan).Length);
        Assert.NotEqual(plan.Dataset.Schema.Digest, (plan.Dataset.Schema with { LabelLevels = ["0", "2", "1"] }).Digest);

        var softmax = Read(root =>
        {
            Set(root, "dataset.schema.label", "{\"name\":\"num\",\"kind\":\"categorical\",\"levels\":[\"0\",\"1\",\"2\"]}");
            Set(root, "model", "{\"kind\":\"softmax-regression\"}");
        });
        Assert.Empty(softmax.Faults);
        Assert.Equal(3 * 14, Models.ModelSchema.For(softmax.Plan!).Length);
    }

    [Fact]
    public void The_schema_of_a_binary_label_has_the_digest_of_every_version_of_the_program() => Assert.Equal(
        "21270a2605b6e64bf41993ff6b8139c193274df7b912df265529822e6143bd60", Read(_ => { }).Plan!.Dataset.Schema.Digest.Hex);

    [Fact]
    public void Updates_too_large_to_aggregate_and_a_metric_that_the_label_does_not_have_are_refused()
    {
        var large = Assert.Single(Read(root =>
        {
            Set(root, "model", "{\"kind\":\"mlp\",\"hidden\":[4096,4096,4096,4096,4096,4096,4096,4096]}");
            Set(root, "training.objective", "{\"name\":\"scaffold\"}");
            Set(root, "dataset.schema.features", "[" + string.Join(',', Enumerable.Range(0, 2000).Select(number => $"{{\"name\":\"f{number}\"}}")) + "]");
        }).Faults);
        Assert.Equal("$.model", large.Path);
        Assert.Contains("at most 250,000,000", large.Message, StringComparison.Ordinal);

        var auc = Assert.Single(Read(root =>
        {
            Set(root, "dataset.schema.label", "{\"name\":\"num\",\"kind\":\"categorical\",\"levels\":[\"0\",\"1\",\"2\"]}");
            Set(root, "model", "{\"kind\":\"softmax-regression\"}");
            Set(root, "evaluation", "{\"stopEarly\":{\"patience\":1,\"metric\":\"auc\"}}");
        }).Faults);
        Assert.Equal("$.evaluation.stopEarly.metric", auc.Path);
    }

    [Fact]
    public void A_label_may_be_a_number()
    {
        var (plan, faults) = Read(root =>
        {
            Set(root, "dataset.schema.label", "{\"name\":\"num\",\"kind\":\"numeric\"}");
            Set(root, "model", "{\"kind\":\"linear-regression\"}");
            Set(root, "evaluation", "{\"stopEarly\":{\"patience\":1,\"minimumChange\":2.5}}");
        });

        Assert.Empty(faults);
        Assert.Equal((LabelKind.Numeric, 0), (plan!.Dataset.Schema.LabelKind, plan.Dataset.Schema.ClassCount));
        Assert.Equal(14, Models.ModelSchema.For(plan).Length);
        Assert.Equal(("rootMeanSquaredError", 2.5), (plan.Evaluation.StopEarly!.Metric, plan.Evaluation.StopEarly.MinimumChange));
        Assert.NotEqual(plan.Dataset.Schema.Digest, (plan.Dataset.Schema with { LabelKind = LabelKind.Binary }).Digest);

        var loss = Assert.Single(Read(root =>
        {
            Set(root, "dataset.schema.label", "{\"name\":\"num\",\"kind\":\"numeric\"}");
            Set(root, "model", "{\"kind\":\"linear-regression\"}");
            Set(root, "evaluation", "{\"stopEarly\":{\"patience\":1,\"metric\":\"logLoss\"}}");
        }).Faults);
        Assert.Equal("$.evaluation.stopEarly.metric", loss.Path);
        Assert.Contains("a numeric label does not have; known: rootMeanSquaredError", loss.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model", "{\"kind\":\"softmax-regression\"}", "$.model.kind", "label must be categorical")]
    [InlineData("model", "{\"kind\":\"mlp\"}", "$.model.hidden", "is missing")]
    [InlineData("model", "{\"kind\":\"mlp\",\"hidden\":[]}", "$.model.hidden", "1 to 8 layers")]
    [InlineData("model", "{\"kind\":\"mlp\",\"hidden\":[8,0]}", "$.model.hidden", "from 1 to 4,096")]
    [InlineData("model", "{\"kind\":\"mlp\",\"hidden\":[8],\"initial\":\"zeros\"}", "$.model.initial", "stay alike")]
    [InlineData("model", "{\"kind\":\"logistic-regression\",\"hidden\":[8]}", "$.model.hidden", "it is for mlp")]
    [InlineData("dataset.schema.label", "{\"name\":\"num\",\"kind\":\"categorical\",\"levels\":[\"0\",\"1\"]}", "$.model.kind", "label must be binary")]
    [InlineData("dataset.schema.label", "{\"name\":\"num\",\"kind\":\"numeric\"}", "$.model.kind", "a numeric one takes linear-regression or mlp")]
    [InlineData("model", "{\"kind\":\"linear-regression\"}", "$.model.kind", "label must be numeric; a binary one takes logistic-regression or mlp")]
    [InlineData("dataset.schema.label", "{\"name\":\"num\",\"levels\":[\"0\",\"1\"]}", "$.dataset.schema.label.levels", "given for a binary label")]
    public void A_model_that_does_not_fit_the_label_is_one_fault(string member, string json, string path, string message) =>
        A_part_that_is_wrong_is_one_fault_with_its_place(member, json, path, message);

    private static (TrainingPlan? Plan, System.Collections.Immutable.ImmutableArray<PlanFault> Faults) Read(Action<JsonObject> change)
    {
        var root = JsonNode.Parse(Sample)!.AsObject();
        change(root);
        return TrainingPlanReader.Read(Encoding.UTF8.GetBytes(root.ToJsonString()));
    }

    private static void Set(JsonObject root, string member, string json)
    {
        var steps = member.Split('.');
        var parent = steps[..^1].Aggregate((JsonNode)root, (node, step) => node[step]!);
        parent[steps[^1]] = JsonNode.Parse(json);
    }
}
