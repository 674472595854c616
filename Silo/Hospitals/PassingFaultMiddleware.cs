namespace FederatedOrleans.Hospitals;

/// <summary>Answers requests of the link that can't be answered now by 502 and a line in the log: the hospital asks the next silo of its list.</summary>
internal sealed class PassingFaultMiddleware(RequestDelegate next, ILogger<PassingFaultMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (PassingFault.Is(exception) && !context.Response.HasStarted)
        {
            HospitalLinkLog.Unanswered(logger, context.Request.Method, exception.GetType().Name, exception.Message);
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
    }
}
