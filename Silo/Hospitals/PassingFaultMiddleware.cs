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
            HospitalLinkLog.Unanswered(logger, $"{context.Request.Method} {context.Request.Path}", PassingFault.Describe(exception));

            // What was going to be answered, such as the length of a body.
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
    }
}
