namespace FederatedOrleans.Updates;

/// <summary>How the centre took an upload.</summary>
public enum IntakeVerdict
{
    /// <summary>Some bytes are held; go on from there.</summary>
    Partial,

    /// <summary>The update counts: the receipt.</summary>
    Counted,

    /// <summary>Another epoch is current: start again there.</summary>
    Stale,

    /// <summary>Not now; come back later.</summary>
    Busy,

    /// <summary>Refused for good in this attempt.</summary>
    Refused,
}
