using System.Collections.Immutable;
using FederatedOrleans.Objectives;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Personalization;

/// <summary>The ways to a model of a hospital's own, by name. Such a model never leaves the hospital: only its metrics do.</summary>
public static class Personalizations
{
    /// <summary>For each evaluation the committed model is trained on for a while on the hospital's own rows, and forgotten after it.</summary>
    public const string FineTune = "fine-tune";

    /// <summary>
    /// A model v that is trained in every round beside the global one, on the loss plus lambda / 2 |v - x|^2, and kept: Li et al., "Ditto: Fair
    /// and Robust Federated Learning Through Personalization" (ICML 2021), algorithm 1. v starts where the hospital's first round does.
    /// </summary>
    public const string Ditto = "ditto";

    /// <summary>Every way there is.</summary>
    public static ImmutableArray<string> Names { get; } = [FineTune, Ditto];

    /// <summary>The plan by which a hospital trains a model of its own: the same, but for how and how long it trains.</summary>
    /// <exception cref="ArgumentException">The plan has no such models.</exception>
    public static TrainingPlan PlanOf(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var own = plan.Personalization ?? throw new ArgumentException("The plan has no models of the hospitals' own.", nameof(plan));
        return plan with
        {
            Training = plan.Training with
            {
                LearningRate = own.LearningRate ?? plan.Training.LearningRate,
                Steps = own.Steps is null && own.Epochs is null ? plan.Training.Steps : own.Steps,
                Epochs = own.Steps is null && own.Epochs is null ? plan.Training.Epochs : own.Epochs,

                // A model that begins anew each time has no later rounds for which its steps should be smaller.
                Schedule = own.Name == FineTune ? new() : plan.Training.Schedule,
                Objective = own.Name == Ditto ? new() { Name = FedProx.PolicyName, Mu = own.Lambda } : new(),
            },
        };
    }
}
