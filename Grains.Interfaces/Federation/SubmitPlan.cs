namespace FederatedOrleans.Federation;

/// <summary>A plan to be run.</summary>
[GenerateSerializer, Immutable, Alias("fo.SubmitPlan")]
public sealed record SubmitPlan
{
    /// <summary>Chosen by the sender; the same submission sent twice is one run.</summary>
    [Id(0)] public required Guid Submission { get; init; }

    /// <summary>The plan, UTF-8 JSON.</summary>
    [Id(1)] public required byte[] Plan { get; init; }
}
