using FederatedOrleans.Federation;
using Orleans.Runtime;

namespace FederatedOrleans.Operators;

/// <summary>Whether the process lives and the centre can work, for supervisors, without a login and without details.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this RouteGroupBuilder group)
    {
        var health = group.MapGroup("/health").AllowAnonymous().WithMetadata(new AnyHostAllowed());
        health.MapGet("/live", () => Answer(true));
        health.MapGet("/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(
        IServiceProvider services, IGrainFactory grains, TimeProvider time, ILogger<OperatorEndpoint> logger, CancellationToken cancellationToken)
    {
        Exception? fault = null;
        if (services.GetService<ISiloStatusOracle>() is not { CurrentStatus: not SiloStatus.Active })
        {
            try
            {
                await grains.Grain<IFederationGrain>(GrainKeys.Federation).ViewAsync(cancellationToken)
                    .WaitAsync(Patience, time, cancellationToken);
                return Answer(true);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                fault = exception;
            }
        }

        OperatorLog.NotReady(logger, fault);
        return Answer(false);
    }

    private static IResult Answer(bool healthy) => TypedResults.Text(
        healthy ? "Healthy" : "Unhealthy", statusCode: healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
