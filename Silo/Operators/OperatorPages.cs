using System.Threading.RateLimiting;
using FederatedOrleans.Observing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Orleans.Dashboard;

namespace FederatedOrleans.Operators;

/// <summary>The operator's pages: login, runs with live updates, Orleans' dashboard, health and metrics.</summary>
/// <remarks>
/// On the services <see cref="AddOperatorPages"/> and an <see cref="IOperatorTokenVerifier"/>; on the silo
/// <see cref="AddOperatorDashboard"/>; on the application <see cref="UseOperatorPages"/>, then
/// <c>MapOperatorPages().BindToPort(port)</c>.
/// </remarks>
public static class OperatorPages
{
    internal const string DashboardPath = "/dashboard";
    private const string GrainStateRoute = "/GrainState";

    // Series of an instrument. The memory of all is set aside as soon as there is one: of 2,000, the default, 180 KB for each of 200 instruments.
    private const int OthersSeries = 200;

    /// <summary>Collects what the dashboard shows; the log stream stays off.</summary>
    public static ISiloBuilder AddOperatorDashboard(this ISiloBuilder silo) => silo.AddDashboard(options => options.HideTrace = true);

    /// <summary>Adds what the pages need, save an <see cref="IOperatorTokenVerifier"/>.</summary>
    /// <param name="services">Services of the silo's process.</param>
    /// <param name="configuration">The section of <see cref="OperatorPagesOptions"/>; its defaults where absent.</param>
    public static IServiceCollection AddOperatorPages(this IServiceCollection services, IConfiguration? configuration = null)
    {
        var options = services.AddOptions<OperatorPagesOptions>().ValidateOnStart();
        if (configuration is not null)
        {
            options.Bind(configuration);
        }

        services.AddSingleton<IValidateOptions<OperatorPagesOptions>, OperatorPagesOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RevokedTokens>();
        services.AddSingleton<OperatorSessions>();
        services.AddSingleton<FederationSnapshots>();
        services.AddSingleton<StreamSlots>();
        services.AddSingleton<EventStreams>();
        AddLogin(services);
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(FederationMetrics.MeterName, "Microsoft.Orleans", "System.Runtime")
            .AddView(instrument => instrument.Meter.Name == FederationMetrics.MeterName ? null : new MetricStreamConfiguration { CardinalityLimit = OthersSeries })
            .AddPrometheusExporter());
        return services;
    }

    /// <summary>Adds the checks that run before any endpoint: port, Host header, login attempts, authentication and authorization.</summary>
    public static IApplicationBuilder UseOperatorPages(this IApplicationBuilder app)
    {
        app.UsePortBoundEndpoints();
        app.UseMiddleware<OperatorGuard>();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        return app;
    }

    /// <summary>Maps every page. The host binds the group to the web port.</summary>
    public static RouteGroupBuilder MapOperatorPages(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("");
        group.WithMetadata(new OperatorEndpoint());
        group.MapHealth();
        group.MapLogin();
        group.MapAssets();
        group.MapPages();
        group.MapApi();
        group.MapStreams();
        group.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(OperatorPolicies.Machines);
        MapDashboard(group);

        // What says nothing about who may see it is for those who are logged in.
        ((IEndpointConventionBuilder)group).Finally(static endpoint =>
        {
            if (!endpoint.Metadata.Any(item => item is IAllowAnonymous or IAuthorizeData))
            {
                endpoint.Metadata.Add(new AuthorizeAttribute(OperatorPolicies.Pages));
            }
        });
        return group;
    }

    // The rule hangs on the endpoint rather than on the path, so that no spelling of the path goes round it.
    private static void MapDashboard(RouteGroupBuilder group)
    {
        var dashboard = group.MapOrleansDashboard(routePrefix: DashboardPath);
        dashboard.RequireAuthorization(OperatorPolicies.Pages);
        ((IEndpointConventionBuilder)dashboard).Add(static endpoint =>
        {
            var route = (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText?.TrimEnd('/') ?? "";
            if (route.Contains(GrainStateRoute, StringComparison.OrdinalIgnoreCase))
            {
                endpoint.Metadata.Add(new AuthorizeAttribute(OperatorPolicies.OperatorsOnly));
            }
            else if (route.EndsWith(DashboardPath, StringComparison.OrdinalIgnoreCase)
                || route.EndsWith("/index.html", StringComparison.OrdinalIgnoreCase))
            {
                endpoint.Metadata.Add(new OperatorPage());
            }
        });
    }

    private static void AddLogin(IServiceCollection services)
    {
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "fed.form";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });

        services.AddAuthentication(OperatorPolicies.CookieScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerTokenHandler>(OperatorPolicies.BearerScheme, null)
            .AddCookie(OperatorPolicies.CookieScheme, cookie =>
            {
                cookie.Cookie.Name = OperatorPolicies.CookieScheme;
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Strict;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.LoginPath = "/login";
                cookie.ReturnUrlParameter = "returnUrl";
                cookie.SlidingExpiration = true;
                cookie.EventsType = typeof(OperatorSessions);
            });
        services.AddOptions<CookieAuthenticationOptions>(OperatorPolicies.CookieScheme)
            .Configure<IOptions<OperatorPagesOptions>>((cookie, pages) => cookie.ExpireTimeSpan = pages.Value.SessionTime);

        services.AddAuthorizationBuilder()
            .AddPolicy(OperatorPolicies.Pages, policy => policy
                .AddAuthenticationSchemes(OperatorPolicies.CookieScheme)
                .RequireRole(OperatorPolicies.OperatorRole, OperatorPolicies.ResearcherRole))
            .AddPolicy(OperatorPolicies.OperatorsOnly, policy => policy
                .AddAuthenticationSchemes(OperatorPolicies.CookieScheme)
                .RequireRole(OperatorPolicies.OperatorRole))
            .AddPolicy(OperatorPolicies.Machines, policy => policy
                .AddAuthenticationSchemes(OperatorPolicies.CookieScheme, OperatorPolicies.BearerScheme)
                .RequireRole(OperatorPolicies.OperatorRole, OperatorPolicies.ResearcherRole));

        services.AddDataProtection().SetApplicationName("FederatedOrleans");
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<OperatorPagesOptions>, ILoggerFactory>((keys, pages, loggers) =>
        {
            // What guards the keys is that nobody else reads the folder, or the memory: no key to encrypt them with is kept apart.
            keys.XmlEncryptor = new NullXmlEncryptor();
            keys.XmlRepository = pages.Value.KeyFolder is { Length: > 0 } folder
                ? new FileSystemXmlRepository(PrivateFolder(folder), loggers)
                : new MemoryKeys();
        });

        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<OperatorPagesOptions>>((limits, pages) =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.AddPolicy(OperatorPolicies.LoginLimit, context => RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress,
                _ => new() { PermitLimit = pages.Value.LoginAttemptsPerMinute, Window = TimeSpan.FromMinutes(1) }));
        });
    }

    private static DirectoryInfo PrivateFolder(string folder) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder)
        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
