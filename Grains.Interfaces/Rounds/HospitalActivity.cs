namespace FederatedOrleans.Rounds;

/// <summary>What a hospital last said that it is doing for an attempt.</summary>
[GenerateSerializer, Immutable, Alias("fo.HospitalActivity")]
public sealed record HospitalActivity
{
    /// <summary>What it does.</summary>
    [Id(0)] public ActivityKind Kind { get; init; }

    /// <summary>Training steps done.</summary>
    [Id(1)] public long StepsDone { get; init; }

    /// <summary>Training steps in all; 0 where not known.</summary>
    [Id(2)] public long StepsTotal { get; init; }

    /// <summary>Bytes of the transfer under way that are done.</summary>
    [Id(3)] public long BytesDone { get; init; }

    /// <summary>Bytes of that transfer in all; 0 where not known.</summary>
    [Id(4)] public long BytesTotal { get; init; }
}
