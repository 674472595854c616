namespace FederatedOrleans.Site.Link;

/// <summary>An attempt at a round of a run; attempt 0 is the evaluation of a version, round 0 that of statistics.</summary>
/// <param name="Run">Run id.</param>
/// <param name="Round">Round, 0 of statistics, or the version to evaluate.</param>
/// <param name="Attempt">Attempt from 1; 0 for an evaluation.</param>
[GenerateSerializer, Immutable, Alias("fo.site.AttemptId")]
internal readonly record struct AttemptId([property: Id(0)] string Run, [property: Id(1)] int Round, [property: Id(2)] int Attempt)
{
    /// <inheritdoc/>
    public override string ToString() => Attempt == 0 ? $"{Run} evaluation {Round}" : Round == 0 ? $"{Run} statistics attempt {Attempt}" : $"{Run} round {Round} attempt {Attempt}";
}
