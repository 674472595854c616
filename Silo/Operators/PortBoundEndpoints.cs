namespace FederatedOrleans.Operators;

/// <summary>Keeps the routes of the hospital link and those of the operator's pages apart, whatever the Host header says.</summary>
public static class PortBoundEndpoints
{
    /// <summary>Serves these endpoints on one local port only.</summary>
    public static TBuilder BindToPort<TBuilder>(this TBuilder endpoints, int port)
        where TBuilder : IEndpointConventionBuilder => endpoints.BindToPort(() => port);

    /// <summary>Serves these endpoints on one local port only; asked at each request.</summary>
    public static TBuilder BindToPort<TBuilder>(this TBuilder endpoints, Func<int> port)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new BoundPort(port));

    /// <summary>Answers 404 to every request whose endpoint is not bound to the port that the connection came in by.</summary>
    /// <remarks>An endpoint bound to no port is served nowhere: forgetting <c>BindToPort</c> shows at once and opens nothing.</remarks>
    public static IApplicationBuilder UsePortBoundEndpoints(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<BoundPort>() is { } bound && bound.Admits(context.Connection.LocalPort))
        {
            return next(context);
        }

        context.SetEndpoint(null);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });
}
