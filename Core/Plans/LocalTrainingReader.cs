using FederatedOrleans.Json;
using FederatedOrleans.Models;
using FederatedOrleans.Objectives;
using FederatedOrleans.Training;

namespace FederatedOrleans.Plans;

/// <summary>Reads what a plan has each hospital do in a round.</summary>
internal static class LocalTrainingReader
{
    private const double MostMu = 1000;
    private const double MostMomentum = 0.9999;

    public static LocalTrainingPlan Read(JsonObjectReader root, ModelPlan model, string standardization)
    {
        var reader = root.Object("training", required: true);
        if (reader is null)
        {
            return new() { LearningRate = 1, BatchSize = 1 };
        }

        var hasSteps = model.Kind != ModelKinds.TreeEnsemble;
        var plan = new LocalTrainingPlan
        {
            LearningRate = reader.NumberAbove("learningRate", 0, 100, required: true) ?? 1,
            Momentum = reader.NumberFrom("momentum", 0, MostMomentum) ?? 0,
            BatchSize = reader.WholeInt32("batchSize", 1, 65_536, required: hasSteps) ?? 1,
            Steps = reader.WholeInt32("steps", 1, 1_000_000),
            Epochs = reader.WholeInt32("epochs", 1, 10_000),
            Shuffle = reader.Flag("shuffle") ?? true,
            Standardization = reader.Choice("standardization", Standardizations.Names) ?? standardization,
            Objective = ReadObjective(reader),
            Schedule = ReadSchedule(reader),
        };
        if (!hasSteps)
        {
            foreach (var member in new[] { "momentum", "batchSize", "steps", "epochs", "shuffle", "schedule" }.Where(reader.Has))
            {
                reader.Fault(member, $"has no meaning for a {model.Kind}, which is grown from all rows at once: leave it out");
            }

            plan = plan with { Epochs = 1 };
        }
        else if (reader.Has("steps") == reader.Has("epochs"))
        {
            reader.Fault("steps", reader.Has("steps")
                ? "stands beside epochs: give exactly one of the two"
                : "is missing, and so is epochs: give exactly one of the two");
        }

        reader.Finish();
        return plan;
    }

    private static LocalObjectivePlan ReadObjective(JsonObjectReader training)
    {
        var defaults = new LocalObjectivePlan();
        if (training.Object("objective") is not { } reader)
        {
            return defaults;
        }

        var named = reader.Choice("name", LocalObjectives.Names, required: true);
        var plan = new LocalObjectivePlan { Name = named ?? defaults.Name, Mu = reader.NumberFrom("mu", 0, MostMu) ?? 0 };
        if (named == FedProx.PolicyName && !reader.Has("mu"))
        {
            reader.Fault("mu", "is missing: fedprox needs the weight of its proximal term; 0.01 is a place to begin");
        }

        reader.OnlyFor(named, "mu", FedProx.PolicyName);

        reader.Finish();
        return plan;
    }

    private static LearningRateSchedulePlan ReadSchedule(JsonObjectReader training)
    {
        var defaults = new LearningRateSchedulePlan();
        if (training.Object("schedule") is not { } reader)
        {
            return defaults;
        }

        var named = reader.Choice("name", LearningRateSchedules.Names, required: true);
        var plan = new LearningRateSchedulePlan
        {
            Name = named ?? defaults.Name,
            EveryRounds = reader.WholeInt32("everyRounds", 1, 100_000, required: named == StepDecay.PolicyName) ?? defaults.EveryRounds,
            Factor = reader.NumberAbove("factor", 0, 1, required: named == StepDecay.PolicyName) ?? defaults.Factor,
            LastFactor = reader.NumberFrom("lastFactor", 0, 1) ?? defaults.LastFactor,
        };
        reader.OnlyFor(named, "everyRounds", StepDecay.PolicyName);
        reader.OnlyFor(named, "factor", StepDecay.PolicyName);
        reader.OnlyFor(named, "lastFactor", CosineDecay.PolicyName);
        reader.Finish();
        return plan;
    }
}
