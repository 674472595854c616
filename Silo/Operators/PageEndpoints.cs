using System.Security.Claims;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;
using Microsoft.AspNetCore.Antiforgery;

namespace FederatedOrleans.Operators;

/// <summary>The pages, the views they read as JSON, and the event streams.</summary>
internal static class PageEndpoints
{
    private const int MaxVersions = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static void MapPages(this RouteGroupBuilder group)
    {
        group.MapGet("/", HomeAsync).RequireAuthorization(OperatorPolicies.Pages).WithMetadata(new OperatorPage());
        group.MapGet("/runs/{run}", RunAsync).RequireAuthorization(OperatorPolicies.Pages).WithMetadata(new OperatorPage());
    }

    public static void MapApi(this RouteGroupBuilder group)
    {
        var api = group.MapGroup("/api").RequireAuthorization(OperatorPolicies.Machines);
        api.MapGet("/runs", async (FederationSnapshots federation, CancellationToken cancellationToken) =>
            Json((await federation.ReadAsync(cancellationToken)).Runs));
        api.MapGet("/hospitals", async (FederationSnapshots federation, CancellationToken cancellationToken) =>
            Json((await federation.ReadAsync(cancellationToken)).Hospitals));
        api.MapGet("/runs/{run}", async (string run, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken) =>
            await FindAsync(run, grains, time, cancellationToken) is { } view ? Json(view) : TypedResults.NotFound());
        api.MapGet("/runs/{run}/why", async (string run, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken) =>
            Identifier.IsValid(run) && await grains.Grain<IRunGrain>(GrainKeys.Run(run)).WhyAsync(cancellationToken)
                .WaitAsync(Patience, time, cancellationToken) is { } why ? Json(why) : TypedResults.NotFound());
        api.MapGet("/runs/{run}/versions", VersionsAsync);
    }

    public static void MapStreams(this RouteGroupBuilder group)
    {
        group.MapGet("/events", (HttpContext context, EventStreams streams, StreamSlots slots) =>
                Stream(context, slots, () => streams.FederationAsync(context.RequestAborted)))
            .RequireAuthorization(OperatorPolicies.Pages);
        group.MapGet("/runs/{run}/events", async (
                string run, HttpContext context, IGrainFactory grains, TimeProvider time, EventStreams streams, StreamSlots slots) =>
                await FindAsync(run, grains, time, context.RequestAborted) is null
                    ? TypedResults.NotFound()
                    : Stream(context, slots, () => streams.RunAsync(run, context.RequestAborted)))
            .RequireAuthorization(OperatorPolicies.Pages);
    }

    private static async Task<IResult> HomeAsync(
        HttpContext context, FederationSnapshots federation, IAntiforgery antiforgery, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var snapshot = await federation.ReadAsync(cancellationToken);
        var open = snapshot.Runs.FirstOrDefault(run => run.Status is RunStatus.Running or RunStatus.Evaluating) ?? snapshot.Runs.FirstOrDefault();
        return RunPage.Of(snapshot, open, user, antiforgery.GetAndStoreTokens(context)).ToResult();
    }

    private static async Task<IResult> RunAsync(
        string run,
        HttpContext context,
        IGrainFactory grains,
        TimeProvider time,
        FederationSnapshots federation,
        IAntiforgery antiforgery,
        ClaimsPrincipal user,
        CancellationToken cancellationToken) =>
        await FindAsync(run, grains, time, cancellationToken) is { } view
            ? RunPage.Of(await federation.ReadAsync(cancellationToken), view.Summary, user, antiforgery.GetAndStoreTokens(context)).ToResult()
            : PageFrame.Of("No such run", HtmlText.Empty, new("""
                <body class="login"><main class="card"><h1>No such run</h1><p><a href="/">To the runs</a></p></main></body>
                """)).ToResult(StatusCodes.Status404NotFound);

    private static async Task<IResult> VersionsAsync(
        string run, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken, int from = 1, int count = MaxVersions) =>
        from < 1 || count is < 1 or > MaxVersions ? TypedResults.BadRequest()
        : await FindAsync(run, grains, time, cancellationToken) is null ? TypedResults.NotFound()
        : Json(await grains.Grain<IRunGrain>(GrainKeys.Run(run)).VersionsAsync(from, count, cancellationToken)
            .WaitAsync(Patience, time, cancellationToken));

    // An id that is not one never reaches a grain, so that no request can make activations of nonsense.
    private static async Task<RunView?> FindAsync(string run, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken) =>
        Identifier.IsValid(run)
            ? await grains.Grain<IRunGrain>(GrainKeys.Run(run)).ViewAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken)
            : null;

    private static IResult Json<T>(T value) => TypedResults.Json(value, OperatorJson.Options);

    private static IResult Stream(HttpContext context, StreamSlots slots, Func<IAsyncEnumerable<System.Net.ServerSentEvents.SseItem<string>>> open)
    {
        if (slots.TryTake() is not { } slot)
        {
            context.Response.Headers.RetryAfter = "10";
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        context.Response.RegisterForDispose(slot);
        return TypedResults.ServerSentEvents(open());
    }
}
