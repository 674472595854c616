using FederatedOrleans.Identity;

namespace FederatedOrleans.Hospitals;

/// <summary>One thing for a hospital to do.</summary>
[GenerateSerializer, Immutable, Alias("fo.HospitalAssignment")]
public sealed record HospitalAssignment
{
    /// <summary>Run id.</summary>
    [Id(0)] public required string Run { get; init; }

    /// <summary>Round, 0 of statistics; for an evaluation the version.</summary>
    [Id(1)] public required int Round { get; init; }

    /// <summary>Attempt; 0 for an evaluation.</summary>
    [Id(2)] public required int Attempt { get; init; }

    /// <summary>Epoch of the aggregator; 0 where there is none yet.</summary>
    [Id(3)] public long Epoch { get; init; }

    /// <summary>What is asked.</summary>
    [Id(4)] public required AssignmentStage Stage { get; init; }

    /// <summary>Digest of the plan.</summary>
    [Id(5)] public required ContentDigest PlanDigest { get; init; }

    /// <summary>The model to start from, or to evaluate.</summary>
    [Id(6)] public required ContentDigest Model { get; init; }

    /// <summary>Until when.</summary>
    [Id(7)] public required DateTimeOffset Deadline { get; init; }

    /// <summary>SCAFFOLD's control variate of the centre; none where there is none, or it is zero still.</summary>
    [Id(8)] public ContentDigest Control { get; init; }

    /// <summary>What the statistics round has committed, by which to preprocess; none where the plan has no preprocessing, and in that round itself.</summary>
    [Id(9)] public ContentDigest Statistics { get; init; }

    /// <summary>The model in use, with which one to evaluate is compared; none where there is none.</summary>
    [Id(10)] public ContentDigest Incumbent { get; init; }
}
