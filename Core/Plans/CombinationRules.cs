using FederatedOrleans.Aggregation;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Objectives;
using FederatedOrleans.Personalization;

namespace FederatedOrleans.Plans;

/// <summary>Which parts of a plan go together. Each part is known to be sound by itself.</summary>
internal static class CombinationRules
{
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
        if ((plan.Model.Kind == ModelKinds.LogisticRegression && kind != LabelKind.Binary)
            || (plan.Model.Kind == ModelKinds.SoftmaxRegression && kind != LabelKind.Categorical))
        {
            faults.Add(new(
                "$.model.kind",
                kind == LabelKind.Binary
                    ? $"is {plan.Model.Kind}, for which the label must be categorical; a binary one takes {ModelKinds.LogisticRegression} or {ModelKinds.MultilayerPerceptron}"
                    : $"is {plan.Model.Kind}, for which the label must be binary; a categorical one takes {ModelKinds.SoftmaxRegression} or {ModelKinds.MultilayerPerceptron}"));
        }

        if (plan.Evaluation.StopEarly is not null && !ModelKinds.IsEvaluated(plan.Model.Kind))
        {
            faults.Add(new("$.evaluation.stopEarly", $"has nothing to go by: a {plan.Model.Kind} is not evaluated"));
        }

        if (plan.Evaluation.StopEarly is { Metric: EarlyStopping.Auc } && kind == LabelKind.Categorical)
        {
            faults.Add(new("$.evaluation.stopEarly.metric", $"is {EarlyStopping.Auc}, which a categorical label does not have: take another"));
        }

        if (faults.Count == 0 && ModelSchema.OfUpdate(plan).Length > ModelReader.MostParameters)
        {
            faults.Add(new(
                "$.model", $"has updates of {ModelSchema.OfUpdate(plan).Length:N0} values, control variates included; at most {ModelReader.MostParameters:N0} can be aggregated"));
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
}
