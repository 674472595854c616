namespace FederatedOrleans.Centre;

/// <summary>The waker's log.</summary>
internal static partial class RunWakerLog
{
    [LoggerMessage(1210, LogLevel.Warning, "Runs could not be woken and will be tried again")]
    public static partial void Failed(ILogger logger, Exception exception);
}
