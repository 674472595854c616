namespace FederatedOrleans.Hospitals;

/// <summary>What an assignment asks of a hospital now.</summary>
[GenerateSerializer, Alias("fo.AssignmentStage")]
public enum AssignmentStage
{
    /// <summary>Accept or decline.</summary>
    Invited = 1,

    /// <summary>Accepted: wait.</summary>
    Wait = 2,

    /// <summary>Train and upload, or upload what the outbox holds.</summary>
    Train = 3,

    /// <summary>Evaluate a committed model.</summary>
    Evaluate = 4,
}
