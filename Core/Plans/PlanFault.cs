namespace FederatedOrleans.Plans;

/// <summary>One thing wrong with a plan: where it stands and what to do about it.</summary>
/// <param name="Path">JSON path from the plan's root, as in <c>$.round.minimumReports</c>.</param>
/// <param name="Message">What is wrong and what is asked for, in the researcher's words.</param>
[GenerateSerializer, Immutable, Alias("fo.PlanFault")]
public sealed record PlanFault([property: Id(0)] string Path, [property: Id(1)] string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}
