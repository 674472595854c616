using FederatedOrleans.Aggregation;
using FederatedOrleans.Encodings;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Json;
using FederatedOrleans.Models;
using FederatedOrleans.Objectives;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Personalization;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Plans;

/// <summary>Which parts of a plan go together. Each part is known to be sound by itself.</summary>
internal static class CombinationRules
{
    private const int MostStatistics = 4_000_000;

    public static void Check(TrainingPlan plan, ICollection<PlanFault> faults)
    {
        var objective = plan.Training.Objective.Name;
        if (!ModelKinds.IsTrainedByGradient(plan.Model.Kind) && objective != OwnLoss.PolicyName)
        {
            faults.Add(new(
                "$.training.objective.name",
                $"is {objective}, which corrects gradients; a {plan.Model.Kind} is trained without any: leave the objective out"));
        }

        var kind = plan.Dataset.Schema.LabelKind;
        if (LabelKindFor(plan.Model.Kind) is { } needed && needed != kind)
        {
            faults.Add(new(
                "$.model.kind",
                $"is {plan.Model.Kind}, for which the label must be {WordOf(needed)}; a {WordOf(kind)} one takes {RegressionOf(kind)} or {ModelKinds.MultilayerPerceptron}"));
        }

        CheckImages(plan, faults);
        CheckPreprocessing(plan, faults);
        CheckTrees(plan, faults);

        if (plan.Evaluation.StopEarly is not null && !ModelKinds.IsEvaluated(plan.Model.Kind))
        {
            faults.Add(new("$.evaluation.stopEarly", $"has nothing to go by: a {plan.Model.Kind} is not evaluated"));
        }

        if (plan.Evaluation.StopEarly is { Metric: var metric } && !MetricValues.NamesOf(kind).Contains(metric))
        {
            faults.Add(new(
                "$.evaluation.stopEarly.metric",
                $"is {metric}, which a {WordOf(kind)} label does not have; known: {string.Join(", ", MetricValues.NamesOf(kind))}"));
        }

        CheckNoHarm(plan, faults);
        if (plan.Evaluation.ScoreHistograms && (kind != LabelKind.Binary || !ModelKinds.IsEvaluated(plan.Model.Kind)))
        {
            faults.Add(new("$.evaluation.scoreHistograms", $"are of a binary label's probabilities, which this plan does not have: leave them out"));
        }

        if (faults.Count == 0 && !HasRoom(plan))
        {
            faults.Add(new("$.model", $"has updates, control variates included, that are too large: at most {ModelReader.MostParameters:N0} values can be aggregated"));
        }

        if (plan.Training.Momentum > 0 && (plan.Aggregator.Name == FedNova.PolicyName || LocalObjectives.HasControl(plan.Training.Objective)))
        {
            faults.Add(new(
                "$.training.momentum",
                $"does not go with {(plan.Aggregator.Name == FedNova.PolicyName ? FedNova.PolicyName : objective)}, which takes a local step for one gradient: leave it out"));
        }

        if (plan.Personalization is not null && !ModelKinds.IsTrainedByGradient(plan.Model.Kind))
        {
            faults.Add(new("$.personalization", $"trains along a gradient; a {plan.Model.Kind} is trained without any: leave it out"));
        }

        if (plan.Personalization is { Name: Personalizations.Ditto } ditto
            && (ditto.LearningRate ?? plan.Training.LearningRate) * ditto.Lambda is var held and >= 2)
        {
            faults.Add(new(
                "$.personalization.lambda",
                $"times the learning rate is {held}: each step would throw the hospital's model past the global one; the product must be below 2"));
        }

        var pull = plan.Training.LearningRate * plan.Training.Objective.Mu;
        var most = plan.Aggregator.Name == FedNova.PolicyName ? 1 : 2;
        if (pull >= most)
        {
            faults.Add(new(
                "$.training.objective.mu",
                $"times the learning rate is {pull}: each step would throw the local model past the global one; the product must be below {most}"));
        }

        if (plan.Aggregator.Name == FedNova.PolicyName && LocalObjectives.HasControl(plan.Training.Objective))
        {
            faults.Add(new(
                "$.aggregator.name",
                $"is {FedNova.PolicyName}, which would scale {objective}'s control variates as if they were steps: take {WeightedMean.PolicyName}, or another objective"));
        }

        if (plan.Aggregator.Name == FedNova.PolicyName && !ModelKinds.IsTrainedByGradient(plan.Model.Kind))
        {
            faults.Add(new("$.aggregator.name", $"is {FedNova.PolicyName}, which counts local steps; a {plan.Model.Kind} makes none: take {WeightedMean.PolicyName}"));
        }
    }

    private static void CheckNoHarm(TrainingPlan plan, ICollection<PlanFault> faults)
    {
        if (plan.Evaluation.NoHarm is not { } rule)
        {
            return;
        }

        const string Path = "$.evaluation.noHarm";
        var kind = plan.Dataset.Schema.LabelKind;
        if (!ModelKinds.IsEvaluated(plan.Model.Kind))
        {
            faults.Add(new(Path, $"has nothing to go by: a {plan.Model.Kind} is not evaluated"));
        }
        else if (!MetricValues.NamesOf(kind).Contains(rule.Metric))
        {
            faults.Add(new($"{Path}.metric", $"is {rule.Metric}, which a {WordOf(kind)} label does not have; known: {string.Join(", ", MetricValues.NamesOf(kind))}"));
        }
        else if (rule.Incumbent is not null && plan.Preprocessing is not null)
        {
            faults.Add(new($"{Path}.baselines", $"hold {NoHarm.Incumbent}, whose inputs were made by the statistics of another run: with preprocessing it cannot be compared with"));
        }
        else if (rule.Baselines.Contains(NoHarm.Majority) && rule.Metric is not (MetricValues.Accuracy or MetricValues.RootMeanSquaredError))
        {
            faults.Add(new($"{Path}.baselines", $"hold {NoHarm.Majority}, whose {rule.Metric} is not known: take the metric {MetricValues.Accuracy}, or leave it out"));
        }
    }

    /// <summary>The only kind of label that a kind of model can be of; null where it can be of any.</summary>
    private static LabelKind? LabelKindFor(string model) => model switch
    {
        ModelKinds.LogisticRegression or ModelKinds.TreeEnsemble => LabelKind.Binary,
        ModelKinds.SoftmaxRegression => LabelKind.Categorical,
        ModelKinds.LinearRegression => LabelKind.Numeric,
        _ => null,
    };

    private static string RegressionOf(LabelKind kind) => kind switch
    {
        LabelKind.Binary => ModelKinds.LogisticRegression,
        LabelKind.Categorical => ModelKinds.SoftmaxRegression,
        _ => ModelKinds.LinearRegression,
    };

    private static string WordOf(LabelKind kind) => kind switch
    {
        LabelKind.Binary => DatasetSchemaRules.Binary,
        LabelKind.Categorical => DatasetSchemaRules.Categorical,
        _ => DatasetSchemaRules.Numeric,
    };

    private static void CheckTrees(TrainingPlan plan, ICollection<PlanFault> faults)
    {
        if (plan.Model.Kind != ModelKinds.TreeEnsemble)
        {
            if (plan.Aggregator.Name == Union.PolicyName)
            {
                faults.Add(new("$.aggregator.name", $"is {Union.PolicyName}, which is for a {ModelKinds.TreeEnsemble}: updates of a {plan.Model.Kind} are averaged"));
            }

            return;
        }

        if (plan.Hospitals.IsEmpty)
        {
            faults.Add(new("$.hospitals", $"are missing: in a {plan.Model.Kind} each hospital has its place, so that they must be named"));
        }

        if (plan.Aggregator.Name == WeightedMean.PolicyName)
        {
            faults.Add(new("$.aggregator.name", $"is {WeightedMean.PolicyName}: trees cannot be averaged; take {Union.PolicyName}, which puts them side by side"));
        }

        if (plan.ServerOptimizer is not { Name: FedAvg.PolicyName, LearningRate: 1 })
        {
            faults.Add(new("$.serverOptimizer", $"must be {FedAvg.PolicyName} with a learning rate of 1, or left out: trees are put into the model as they are"));
        }

        if (plan.Transfer.Update != Float32Encoding.PolicyName)
        {
            faults.Add(new("$.transfer.update", $"is {plan.Transfer.Update}, which would change what trees look at: take {Float32Encoding.PolicyName}"));
        }
    }

    private static void CheckPreprocessing(TrainingPlan plan, ICollection<PlanFault> faults)
    {
        if (plan.Preprocessing is null)
        {
            return;
        }

        const string Path = "$.preprocessing";
        if (plan.Dataset.Schema.Image is not null || plan.Model.Kind == ModelKinds.Rehearsal)
        {
            faults.Add(new(Path, $"is of features; {(plan.Model.Kind == ModelKinds.Rehearsal ? $"a {ModelKinds.Rehearsal} has no data" : "the schema has images")}: leave it out"));
            return;
        }

        if (plan.Training.Standardization != Standardizations.None)
        {
            faults.Add(new("$.training.standardization", $"is {plan.Training.Standardization}, but {Path} says what becomes of inputs: leave it out"));
        }

        if (ModelInputs.NamesOf(plan).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(names => names.Count() > 1) is { } repeated)
        {
            faults.Add(new($"{Path}.features", $"give a model input '{JsonObjectReader.Quote(repeated.Key)}', which is there already: the schema's feature needs another name"));
        }

        if (SumsCodec.LengthOf(plan) > MostStatistics)
        {
            faults.Add(new($"{Path}.features", $"ask for {SumsCodec.LengthOf(plan):N0} values of statistics; at most {MostStatistics:N0} are possible: take fewer bins"));
        }
    }

    private static void CheckImages(TrainingPlan plan, ICollection<PlanFault> faults)
    {
        if (plan.Model.Kind != ModelKinds.ConvolutionalNetwork)
        {
            return;
        }

        if (plan.Dataset.Schema.Image is not { } image)
        {
            faults.Add(new("$.model.kind", $"is {plan.Model.Kind}, which needs images: the schema has features"));
        }
        else if (ConvolutionalShapes.Fault(image, plan.Model.Layers) is var (layer, message))
        {
            faults.Add(new($"$.model.layers[{layer}]", message));
        }
        else if (ConvolutionalShapes.Largest(image, plan.Model.Layers) is var largest
            && (long)largest * plan.Training.BatchSize > ConvolutionalShapes.MostValuesOfBatch)
        {
            faults.Add(new(
                "$.training.batchSize",
                $"is {plan.Training.BatchSize:N0}, with {largest:N0} values an image after some layer: more than a hospital's memory may hold; at most {ConvolutionalShapes.MostValuesOfBatch / largest:N0} fit"));
        }
    }

    private static bool HasRoom(TrainingPlan plan)
    {
        try
        {
            return ModelSchema.OfUpdate(plan).Length <= ModelReader.MostParameters;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
