using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Models;

namespace FederatedOrleans.Plans;

public sealed class TrainingPlanReaderTests
{
    private static readonly string Sample = File.ReadAllText(RepositoryFiles.At("samples", "plans", "fed-heart-disease.json"));

    [Fact]
    public void Sample_plan_is_read_in_full()
    {
        var plan = Accepted(Sample);

        Assert.Equal("fed-heart-disease", plan.Name);
        Assert.Equal("heart-disease", plan.Dataset.Name);
        Assert.Equal((15, 42L), (plan.Rounds, plan.Seed));
        Assert.Equal((100, 4, 0.001, true), (plan.Training.Steps!.Value, plan.Training.BatchSize, plan.Training.LearningRate, plan.Training.Shuffle));
        Assert.Null(plan.Training.Epochs);
        Assert.Equal((4, 3), (plan.Round.GoalCount!.Value, plan.Round.MinimumReports!.Value));
        Assert.Equal(TimeSpan.FromMinutes(30), plan.Round.ReportingDeadline);
        Assert.Equal(
            ["age", "sex", "trestbps", "chol", "fbs", "thalach", "exang", "oldpeak", "cp=2", "cp=3", "cp=4", "restecg=1", "restecg=2"],
            plan.Dataset.Schema.InputNames);
    }

    [Fact]
    public void Left_out_members_take_their_defaults()
    {
        var plan = Accepted(Edited(root =>
        {
            foreach (var name in new[] { "seed", "aggregator", "serverOptimizer", "evaluation", "round" })
            {
                root.Remove(name);
            }
        }));

        Assert.Equal(new Rounds.RoundOptions(), plan.Round);
        Assert.Equal((new EvaluationPlan(), new AggregatorPlan(), new ServerOptimizerPlan(), 0L), (plan.Evaluation, plan.Aggregator, plan.ServerOptimizer, plan.Seed));
        Assert.Empty(plan.Hospitals);
    }

    [Fact]
    public void Updates_travel_as_they_are_unless_the_plan_says_otherwise()
    {
        Assert.Equal(new TransferPlan { Update = "float32", Compression = "none" }, Accepted(Sample).Transfer);
        Assert.Equal(
            new TransferPlan { Update = "int8", Compression = "lz4" },
            Accepted(Edited(root => root["transfer"] = new JsonObject { ["update"] = "int8", ["compression"] = "lz4" })).Transfer);
        var faults = Faults(Edited(root => root["transfer"] = new JsonObject { ["update"] = "bf61", ["compression"] = "zip", ["model"] = "bf16" }));
        Assert.Equal(
            [
                "$.transfer.update: is 'bf61', which is unknown; known: float32, bf16, int8; did you mean 'bf16'?",
                "$.transfer.compression: is 'zip', which is unknown; known: none, lz4",
                "$.transfer.model: is not known here",
            ],
            faults.Select(fault => $"{fault}"));
    }

    [Fact]
    public void Byte_order_mark_is_passed_over() => Accepted('\uFEFF' + Sample);

    [Theory]
    [InlineData("", "line 1, column 1")]
    [InlineData("{\n  \"version\": 1,\n  \"näme\": nope\n}", "line 3, column 12")]
    [InlineData("{\"rounds\": NaN}", "line 1, column 12")]
    [InlineData("{\"rounds\": 1,}", "line 1, column 14")]
    [InlineData("{} {}", "line 1, column 4")]
    public void Text_that_is_no_json_is_one_fault_with_its_place(string text, string place)
    {
        var fault = Assert.Single(Faults(text));
        Assert.Equal("$", fault.Path);
        Assert.Contains("is not JSON", fault.Message, StringComparison.Ordinal);
        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "must be an object but is an array")]
    [InlineData("null", "must be an object but is null")]
    [InlineData("\"plan\"", "must be an object but is a text")]
    [InlineData("{\"name\": \"\\uD800\"}", "half a character")]
    public void Other_json_is_one_fault(string text, string message) =>
        Assert.Contains(message, Assert.Single(Faults(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_text_are_one_fault() =>
        Assert.Contains("UTF-8", Assert.Single(TrainingPlanReader.Read(new byte[] { 0x7B, 0xFF, 0x7D }).Faults).Message, StringComparison.Ordinal);

    [Fact]
    public void Too_large_a_plan_is_one_fault() =>
        Assert.Contains("too large", Assert.Single(TrainingPlanReader.Read(new byte[TrainingPlanReader.MaximumBytes + 1]).Faults).Message, StringComparison.Ordinal);

    [Fact]
    public void Empty_object_misses_every_required_member() => Assert.Equal(
        ["$.dataset", "$.model", "$.name", "$.rounds", "$.training", "$.version"],
        Faults("{}").Select(fault => fault.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void Unknown_members_are_found_at_any_depth_with_the_nearest_name()
    {
        var faults = Faults(Edited(root =>
        {
            root["Seed"] = 1;
            root["training"]!["batch_size"] = 4;
            root["round"]!["minimumReport"] = 3;
            root["dataset"]!["schema"]!["features"]![8]!["level"] = new JsonArray();
            root["serverOptimizer"]!["we ird"] = true;
        }));

        Assert.Equal(
            [
                "$.Seed: is not known here; did you mean 'seed'?",
                "$.dataset.schema.features[8].level: is not known here; did you mean 'levels'?",
                "$.round.minimumReport: is not known here; did you mean 'minimumReports'?",
                "$.serverOptimizer['we ird']: is not known here",
                "$.training.batch_size: is not known here; did you mean 'batchSize'?",
            ],
            faults.Select(fault => fault.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Repeated_members_are_faults() => Only(
        Sample.Replace("\"rounds\": 15", "\"rounds\": 15, \"rounds\": 16", StringComparison.Ordinal), "$.rounds", "stands here twice");

    // path of the member, its new value as JSON, path of the fault, part of its message
    [Theory]
    [InlineData("version", "2", "$.version", "reads version 1")]
    [InlineData("version", "\"1\"", "$.version", "must be a whole number but is a text")]
    [InlineData("name", "\"Fed Heart\"", "$.name", "is no id")]
    [InlineData("name", "null", "$.name", "is required but is null")]
    [InlineData("rounds", "0", "$.rounds", "from 1 to 100,000 but is 0")]
    [InlineData("rounds", "100001", "$.rounds", "but is 100,001")]
    [InlineData("rounds", "1.5", "$.rounds", "must be a whole number")]
    [InlineData("rounds", "1e30", "$.rounds", "must be a whole number")]
    [InlineData("seed", "\"x\"", "$.seed", "must be a whole number but is a text")]
    [InlineData("training.learningRate", "0", "$.training.learningRate", "above 0 and at most 100")]
    [InlineData("training.learningRate", "100.5", "$.training.learningRate", "above 0 and at most 100")]
    [InlineData("training.learningRate", "1e999", "$.training.learningRate", "above 0 and at most 100")]
    [InlineData("training.learningRate", "\"NaN\"", "$.training.learningRate", "must be a number but is a text")]
    [InlineData("training.batchSize", "65537", "$.training.batchSize", "from 1 to 65,536")]
    [InlineData("training.steps", "0", "$.training.steps", "from 1 to 1,000,000")]
    [InlineData("training.epochs", "1", "$.training.steps", "exactly one of the two")]
    [InlineData("training.steps", "null", "$.training.steps", "exactly one of the two")]
    [InlineData("training.shuffle", "1", "$.training.shuffle", "must be true or false but is a number")]
    [InlineData("training.standardization", "\"locl\"", "$.training.standardization", "did you mean 'local'?")]
    [InlineData("training", "[]", "$.training", "must be an object but is an array")]
    [InlineData("model.kind", "\"logistic_regression\"", "$.model.kind", "did you mean 'logistic-regression'?")]
    [InlineData("model.kind", "\"rehearsal\"", "$.model.parameters", "a rehearsal needs the number of its parameters")]
    [InlineData("model.parameters", "10", "$.model.parameters", "for a rehearsal only")]
    [InlineData("model.initial", "\"random\"", "$.model.initial", "known: zeros, uniform")]
    [InlineData("aggregator.name", "\"weighted-men\"", "$.aggregator.name", "did you mean 'weighted-mean'?")]
    [InlineData("aggregator.groupSize", "0", "$.aggregator.groupSize", "from 1 to 100,000")]
    [InlineData("serverOptimizer.name", "\"adam\"", "$.serverOptimizer.name", "known: fedavg")]
    [InlineData("serverOptimizer.learningRate", "-1", "$.serverOptimizer.learningRate", "above 0 and at most 100")]
    [InlineData("evaluation.everyRounds", "0", "$.evaluation.everyRounds", "from 1 to 100,000")]
    [InlineData("evaluation.deadline", "\"00:00:00.5\"", "$.evaluation.deadline", "from 00:00:01 to 1.00:00:00")]
    [InlineData("evaluation.deadline", "\"5\"", "$.evaluation.deadline", "must be a duration such as")]
    [InlineData("evaluation.deadline", "300", "$.evaluation.deadline", "must be a duration such as")]
    [InlineData("evaluation.deadline", "\"-00:01:00\"", "$.evaluation.deadline", "must be a duration such as")]
    [InlineData("evaluation.deadline", "\"00:61:00\"", "$.evaluation.deadline", "must be a duration such as")]
    [InlineData("round.goalCount", "0", "$.round.goalCount", "from 1 to 100,000")]
    [InlineData("round.minimumReports", "5", "$.round.minimumReports", "is 5, more than goalCount, 4")]
    [InlineData("round.overSelection", "0.9", "$.round.overSelection", "from 1 to 10")]
    [InlineData("round.selectionWindow", "\"8.00:00:00\"", "$.round.selectionWindow", "from 00:00:01 to 7.00:00:00")]
    [InlineData("round.grace", "\"00:30:01\"", "$.round.grace", "longer than reportingDeadline")]
    [InlineData("round.progressExtension", "\"00:29:59\"", "$.round.progressExtension", "shorter than reportingDeadline")]
    [InlineData("round.attempts", "101", "$.round.attempts", "from 1 to 100")]
    [InlineData("round.leaseTime", "\"01:00:01\"", "$.round.leaseTime", "from 00:00:01 to 01:00:00")]
    [InlineData("round.closingDeadline", "\"00:00:00\"", "$.round.closingDeadline", "from 00:00:01 to 1.00:00:00")]
    [InlineData("hospitals", "[\"aa\", \"bb\", \"cc\"]", "$.round.goalCount", "is 4 but hospitals lists only 3")]
    [InlineData("hospitals", "[\"aa\", \"bb\", \"cc\", \"dd\", \"aa\"]", "$.hospitals", "'aa' is listed more than once")]
    [InlineData("hospitals", "[\"aa\", \"bb\", \"cc\", \"D\"]", "$.hospitals", "'D' is no id")]
    [InlineData("hospitals", "[\"aa\", \"bb\", \"cc\", \"dd\", 5]", "$.hospitals[4]", "must be a text but is a number")]
    [InlineData("dataset.name", "\"-x\"", "$.dataset.name", "is no id")]
    [InlineData("dataset.schema.label", "\"\"", "$.dataset.schema.label", "must have 1 to 100 characters")]
    [InlineData("dataset.schema.label", "\"age\"", "$.dataset.schema.label", "is a feature too")]
    [InlineData("dataset.schema.features", "[]", "$.dataset.schema.features", "at least one feature")]
    [InlineData("dataset.schema.features", "[{\"name\":\"x\"},{\"name\":\"x\"}]", "$.dataset.schema.features[1].name", "names an earlier feature too")]
    [InlineData("dataset.schema.features", "[{\"name\":\"x\"},7]", "$.dataset.schema.features[1]", "must be an object but is a number")]
    [InlineData("dataset.schema.features", "[{\"name\":\"x\",\"kind\":\"number\"}]", "$.dataset.schema.features[0].kind", "known: numeric, categorical")]
    [InlineData("dataset.schema.features", "[{\"name\":\"x\",\"levels\":[\"1\"]}]", "$.dataset.schema.features[0].levels", "numeric feature")]
    [InlineData("dataset.schema.features", "[{\"name\":\"x\",\"kind\":\"categorical\",\"levels\":[\"1\"]}]", "$.dataset.schema.features[0].levels", "at least two levels")]
    [InlineData("dataset.schema.features", "[{\"name\":\"x\",\"kind\":\"categorical\",\"levels\":[\"1\",\"1.0\"]}]", "$.dataset.schema.features[0].levels[1]", "repeats an earlier level")]
    [InlineData("dataset.schema.features", "[{\"name\":\"x=b\"},{\"name\":\"x\",\"kind\":\"categorical\",\"levels\":[\"a\",\"b\"]}]", "$.dataset.schema.features[1].name", "there already")]
    public void One_wrong_member_is_one_fault_at_its_path(string member, string value, string path, string message) =>
        Only(Edited(root => Set(root, member, value)), path, message);

    [Fact]
    public void More_minimum_reports_than_hospitals_is_a_fault_beside_the_goal()
    {
        var faults = Faults(Edited(root =>
        {
            Set(root, "hospitals", "[\"cleveland\", \"hungarian\"]");
            root["round"]!.AsObject().Remove("goalCount");
        }));

        Assert.Equal("$.round.minimumReports: is 3 but hospitals lists only 2", Assert.Single(faults).ToString());
    }

    [Theory]
    [InlineData("{\"goalCount\": 1}", "[]")]
    [InlineData("{}", "[\"aa\"]")]
    public void A_default_minimum_that_cannot_be_met_is_a_fault(string round, string hospitals) =>
        Only(Edited(root => { Set(root, "round", round); Set(root, "hospitals", hospitals); }), "$.round.minimumReports", "2 by default");

    [Fact]
    public void Faults_of_every_part_are_reported_at_once()
    {
        var faults = Faults(Edited(root =>
        {
            Set(root, "version", "9");
            Set(root, "rounds", "-1");
            Set(root, "model.kind", "\"cnn\"");
            Set(root, "training.learningRate", "true");
            Set(root, "round.minimumReports", "9");
            Set(root, "dataset.schema.features[0]", "{\"name\":\"\",\"kind\":\"categorical\"}");
            root["nonsense"] = 1;
        }));

        Assert.Superset(
            new HashSet<string>(["$.version", "$.rounds", "$.model.kind", "$.training.learningRate", "$.round.minimumReports", "$.dataset.schema.features[0].levels", "$.nonsense"], StringComparer.Ordinal),
            faults.Select(fault => fault.Path).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void A_flood_of_faults_is_cut_and_counted()
    {
        var members = string.Join(',', Enumerable.Range(0, 5_000).Select(number => $"\"m{number}\":0"));
        var faults = Faults($"{{{members}}}");

        Assert.Equal(TrainingPlanReader.MaximumFaults + 1, faults.Length);
        Assert.Contains("4,506 more faults", faults[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_a_fault() => Assert.Single(Faults(new string('[', 10_000)));

    [Fact]
    public void A_rehearsal_has_as_many_parameters_as_it_says()
    {
        var plan = Accepted(Edited(root => root["model"] = new JsonObject { ["kind"] = "rehearsal", ["parameters"] = 250_000_000 }));

        Assert.Equal(250_000_000, ModelSchema.For(plan).Length);
        Only(
            Edited(root => root["model"] = new JsonObject { ["kind"] = "rehearsal", ["parameters"] = 250_000_001 }),
            "$.model.parameters",
            "from 1 to 250,000,000");
    }

    private static TrainingPlan Accepted(string json)
    {
        var (plan, faults) = TrainingPlanReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.Empty(faults);
        return Assert.IsType<TrainingPlan>(plan);
    }

    private static ImmutableArray<PlanFault> Faults(string json)
    {
        var (plan, faults) = TrainingPlanReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.Null(plan);
        Assert.NotEmpty(faults);
        return faults;
    }

    private static void Only(string json, string path, string message)
    {
        var fault = Assert.Single(Faults(json));
        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private static string Edited(Action<JsonObject> edit)
    {
        var root = JsonNode.Parse(Sample)!.AsObject();
        edit(root);
        return root.ToJsonString();
    }

    private static void Set(JsonObject root, string member, string value)
    {
        var steps = member.Split('.');
        var node = steps[..^1].Aggregate((JsonNode)root, (parent, step) => parent[step]!);
        if (steps[^1].EndsWith("[0]", StringComparison.Ordinal))
        {
            node[steps[^1][..^3]]![0] = JsonNode.Parse(value);
        }
        else
        {
            node[steps[^1]] = JsonNode.Parse(value);
        }
    }
}
