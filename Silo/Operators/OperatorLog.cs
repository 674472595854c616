namespace FederatedOrleans.Operators;

/// <summary>What the log keeps of logins; never a token.</summary>
internal static partial class OperatorLog
{
    [LoggerMessage(5001, LogLevel.Information, "{Subject} has logged in (operator: {IsOperator})")]
    public static partial void LoggedIn(ILogger logger, string subject, bool isOperator);

    [LoggerMessage(5002, LogLevel.Warning, "A login was refused (by link: {ByLink})")]
    public static partial void LoginRefused(ILogger logger, bool byLink);

    [LoggerMessage(5003, LogLevel.Warning, "The centre is not ready")]
    public static partial void NotReady(ILogger logger, Exception? exception);
}
