namespace FederatedOrleans.Plans;

/// <summary>What a hospital minimises in a round.</summary>
public sealed record LocalObjectivePlan
{
    /// <summary><c>erm</c>, <c>fedprox</c> or <c>scaffold</c>: see <see cref="Objectives.LocalObjectives"/>.</summary>
    public string Name { get; init; } = "erm";

    /// <summary>mu of <c>fedprox</c>, 0 to 1,000.</summary>
    public double Mu { get; init; }
}
