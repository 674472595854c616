using System.Collections.Immutable;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Encodings;
using FederatedOrleans.Identity;
using FederatedOrleans.Json;
using FederatedOrleans.Models;
using FederatedOrleans.Rounds;

namespace FederatedOrleans.Plans;

/// <summary>Reads a plan's JSON and validates it: every fault is reported at once, with its path.</summary>
/// <remarks>
/// Members are camelCase and nothing else is let pass: an unknown or repeated member is a fault. Durations are texts as in
/// <c>"00:30:00"</c>, <c>"2.00:00:00"</c> being two days. Comments and trailing commas are not JSON.
/// </remarks>
public static class TrainingPlanReader
{
    /// <summary>Largest plan read, in bytes.</summary>
    public const int MaximumBytes = 256 * 1024;

    /// <summary>Most faults reported; a last one tells how many more there are.</summary>
    public const int MaximumFaults = 500;

    /// <summary>The plan, or everything that is wrong with it. Exactly one of the two.</summary>
    /// <param name="json">The plan as submitted, UTF-8.</param>
    public static (TrainingPlan? Plan, ImmutableArray<PlanFault> Faults) Read(ReadOnlyMemory<byte> json)
    {
        var faults = new List<PlanFault>();
        using var document = JsonInput.Parse(json, MaximumBytes, faults);
        var plan = document is not null && JsonObjectReader.Of(document.RootElement, "$", faults) is { } root ? ReadPlan(root, faults) : null;
        return faults.Count == 0 ? (plan, []) : (null, Capped(faults));
    }

    private static ImmutableArray<PlanFault> Capped(List<PlanFault> faults) => faults.Count <= MaximumFaults
        ? [.. faults]
        : [.. faults.Take(MaximumFaults), new("$", $"and {faults.Count - MaximumFaults:N0} more faults")];

    // What cannot be read is put in as a harmless value: the plan leaves here only when there is no fault at all.
    private static TrainingPlan ReadPlan(JsonObjectReader root, List<PlanFault> faults)
    {
        var version = ReadVersion(root);
        var name = root.Id("name");
        var dataset = ReadDataset(root, faults);
        var model = ModelReader.Read(root);
        var preprocessing = PreprocessingReader.Read(root, dataset.Schema);
        var standardization = dataset.Schema.Image is null && preprocessing is null ? Standardizations.Local : Standardizations.None;
        var plan = new TrainingPlan
        {
            Version = version,
            Name = name,
            Dataset = dataset,
            Model = model,
            Training = LocalTrainingReader.Read(root, model, standardization),
            Preprocessing = preprocessing,
            Rounds = root.WholeInt32("rounds", 1, 100_000, required: true) ?? 1,
            Seed = root.Whole("seed", long.MinValue, long.MaxValue) ?? 0,
            Aggregator = ReadAggregator(root, model),
            ServerOptimizer = ServerOptimizerReader.Read(root),
            Transfer = ReadTransfer(root),
            Personalization = PersonalizationReader.Read(root),
            Evaluation = EvaluationReader.Read(root, dataset.Schema.LabelKind, model),
            Round = RoundOptionsReader.Read(root),
            Hospitals = ReadHospitals(root),
        };
        root.Finish();
        CombinationRules.Check(plan, faults);
        RoundOptionsReader.CheckAgainst(plan.Hospitals, root.Has("hospitals"), plan.Round, faults);
        return plan;
    }

    private static int ReadVersion(JsonObjectReader root)
    {
        var version = root.Whole("version", int.MinValue, int.MaxValue, required: true);
        if (version is { } other && other != TrainingPlan.CurrentVersion)
        {
            root.Fault("version", $"is {other}; this build reads version {TrainingPlan.CurrentVersion}");
        }

        return TrainingPlan.CurrentVersion;
    }

    private static DatasetPlan ReadDataset(JsonObjectReader root, List<PlanFault> faults)
    {
        var reader = root.Object("dataset", required: true);
        if (reader is null)
        {
            return new() { Name = "", Schema = new() { Features = [], Label = "" } };
        }

        var plan = new DatasetPlan { Name = reader.Id("name"), Schema = DatasetSchemaReader.Read(reader, faults) };
        reader.Finish();
        return plan;
    }

    private const int MostHospitalsOfAGroup = 100_000;

    private static AggregatorPlan ReadAggregator(JsonObjectReader root, ModelPlan model)
    {
        var reader = root.Object("aggregator");
        var plan = new AggregatorPlan
        {
            Name = reader?.Choice("name", Aggregators.Names) ?? (model.Kind == ModelKinds.TreeEnsemble ? Union.PolicyName : WeightedMean.PolicyName),
            GroupSize = reader?.WholeInt32("groupSize", 1, MostHospitalsOfAGroup) ?? AggregatorPlan.DefaultGroupSize,
        };
        reader?.Finish();
        return plan;
    }

    private static TransferPlan ReadTransfer(JsonObjectReader root)
    {
        var reader = root.Object("transfer");
        var defaults = new TransferPlan();
        var plan = new TransferPlan
        {
            Update = reader?.Choice("update", UpdateEncodings.Names) ?? defaults.Update,
            Compression = reader?.Choice("compression", Compressions.Names) ?? defaults.Compression,
        };
        reader?.Finish();
        return plan;
    }

    private static ImmutableArray<string> ReadHospitals(JsonObjectReader root)
    {
        var hospitals = root.Texts("hospitals") ?? [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in hospitals)
        {
            if (!Identifier.IsValid(id))
            {
                root.Fault("hospitals", $"'{JsonObjectReader.Quote(id)}' is no id: {Identifier.Rule}");
            }
            else if (!seen.Add(id))
            {
                root.Fault("hospitals", $"'{id}' is listed more than once");
            }
        }

        return [.. hospitals.Distinct(StringComparer.Ordinal)];
    }
}
