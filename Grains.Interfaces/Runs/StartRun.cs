using FederatedOrleans.Identity;

namespace FederatedOrleans.Runs;

/// <summary>What a run is made of. The plan has been validated.</summary>
[GenerateSerializer, Immutable, Alias("fo.StartRun")]
public sealed record StartRun
{
    /// <summary>The plan as submitted, UTF-8 JSON; stored as a blob under this digest before.</summary>
    [Id(0)] public required ContentDigest PlanDigest { get; init; }

    /// <summary>Who submitted it.</summary>
    [Id(1)] public required string SubmittedBy { get; init; }

    /// <summary>The stored model to start from; none where the plan says how to compute one.</summary>
    [Id(2)] public ContentDigest InitialModel { get; init; }

    /// <summary>The model in use, with which the run's are compared; none where the plan does not.</summary>
    [Id(3)] public ContentDigest Incumbent { get; init; }
}
