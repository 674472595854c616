namespace FederatedOrleans.Hospitals;

/// <summary>The link's log.</summary>
internal static partial class HospitalLinkLog
{
    [LoggerMessage(4000, LogLevel.Warning, "A connection to the link was refused: {Refusal}: {Reason}")]
    public static partial void Refused(ILogger logger, string refusal, string reason);

    [LoggerMessage(4001, LogLevel.Warning, "A hospital's call {Call} can't be answered now: {Fault}")]
    public static partial void Unanswered(ILogger logger, string call, string fault);
}
