using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Objectives;

/// <summary>The local objectives by name. The plan's validator asks here, so a misspelt name cannot pass.</summary>
public static class LocalObjectives
{
    /// <summary>Every name there is.</summary>
    public static ImmutableArray<string> Names { get; } = [OwnLoss.PolicyName, FedProx.PolicyName, Scaffold.PolicyName];

    /// <summary>Whether hospitals and centre keep control variates, which travel with models and updates.</summary>
    public static bool HasControl(LocalObjectivePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Name == Scaffold.PolicyName;
    }
}
