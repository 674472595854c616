namespace FederatedOrleans.Runs;

/// <summary>What happened in a run.</summary>
[GenerateSerializer, Alias("fo.RunEventKind")]
public enum RunEventKind
{
    /// <summary>An attempt at a round began.</summary>
    RoundBegan = 1,

    /// <summary>A hospital accepted.</summary>
    HospitalAccepted = 2,

    /// <summary>A hospital declined.</summary>
    HospitalDeclined = 3,

    /// <summary>Training was configured.</summary>
    TrainingBegan = 4,

    /// <summary>A hospital's update counts.</summary>
    HospitalReported = 5,

    /// <summary>A hospital can't give an update.</summary>
    HospitalFailed = 6,

    /// <summary>A hospital's lease ran out.</summary>
    HospitalLost = 7,

    /// <summary>A lost hospital is back.</summary>
    HospitalBack = 8,

    /// <summary>The counted set is frozen.</summary>
    RoundClosing = 9,

    /// <summary>A round was committed.</summary>
    RoundCommitted = 10,

    /// <summary>An attempt was abandoned.</summary>
    RoundAbandoned = 11,

    /// <summary>A hospital evaluated a committed model.</summary>
    HospitalEvaluated = 12,

    /// <summary>The run's status changed.</summary>
    StatusChanged = 13,

    /// <summary>The aggregator was lost; a new epoch asks for the updates again.</summary>
    EpochBegan = 14,
}
