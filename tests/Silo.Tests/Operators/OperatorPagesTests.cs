using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using FederatedOrleans.Operators.Fakes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FederatedOrleans.Operators;

public sealed class OperatorPagesTests(PagesHostFixture fixture) : IClassFixture<PagesHostFixture>
{
    private readonly PagesHost _host = fixture.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_endpoint_needs_a_login_save_a_known_few()
    {
        var open = _host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<OperatorEndpoint>() is not null)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>() is null || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText).Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal);

        Assert.Equal(["/assets/icon.svg", "/assets/pages.css", "/assets/pages.js", "/health/live", "/health/ready", "/login", "/logout"], open);
    }

    [Fact]
    public void Grain_state_is_one_endpoint_of_the_dashboard_and_for_operators_only()
    {
        var endpoint = Assert.Single(
            _host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>(),
            endpoint => endpoint.RoutePattern.RawText!.Contains("GrainState", StringComparison.OrdinalIgnoreCase));

        Assert.Contains(endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>(), data => data.Policy == OperatorPolicies.OperatorsOnly);
    }

    [Theory]
    [InlineData("/", HttpStatusCode.Redirect)]
    [InlineData("/runs/heart-7f3a", HttpStatusCode.Redirect)]
    [InlineData("/dashboard/", HttpStatusCode.Redirect)]
    [InlineData("/dashboard/GrainState?grainId=1&grainType=x", HttpStatusCode.Unauthorized)]
    [InlineData("/dashboard/DashboardCounters", HttpStatusCode.Unauthorized)]
    [InlineData("/api/runs", HttpStatusCode.Unauthorized)]
    [InlineData("/api/hospitals", HttpStatusCode.Unauthorized)]
    [InlineData("/api/runs/heart-7f3a", HttpStatusCode.Unauthorized)]
    [InlineData("/api/runs/heart-7f3a/versions", HttpStatusCode.Unauthorized)]
    [InlineData("/events", HttpStatusCode.Unauthorized)]
    [InlineData("/runs/heart-7f3a/events", HttpStatusCode.Unauthorized)]
    [InlineData("/metrics", HttpStatusCode.Unauthorized)]
    public async Task Without_a_login_pages_lead_to_it_and_the_rest_is_refused(string path, HttpStatusCode expected)
    {
        using var client = _host.Client();
        Assert.Equal(expected, await client.StatusAsync(path));
    }

    [Theory]
    [InlineData("/dashboard/GrainState")]
    [InlineData("/dashboard/grainstate")]
    [InlineData("/DASHBOARD/GRAINSTATE")]
    [InlineData("/dashboard/GrainState/")]
    [InlineData("/dashboard/%47rainState")]
    [InlineData("/dashboard/Grain%53tate?grainId=1&grainType=x")]
    public async Task Grain_state_is_shut_to_researchers_however_it_is_spelt(string path)
    {
        using var client = await _host.Client().LoggedInAsync("researcher:grace:r1");
        Assert.Equal(HttpStatusCode.Forbidden, await client.StatusAsync(path));
    }

    [Theory]
    [InlineData("/dashboard//GrainState")]
    [InlineData("/dashboard/%2FGrainState")]
    [InlineData("/dashboard/x/..%2fGrainState")]
    [InlineData("/dashboard%2fGrainState")]
    public async Task Odd_spellings_of_grain_state_tell_researchers_nothing(string path)
    {
        using var client = await _host.Client().LoggedInAsync("researcher:grace:r1");
        Assert.NotEqual(HttpStatusCode.OK, await client.StatusAsync(path));
    }

    [Fact]
    public async Task Grain_state_is_open_to_operators()
    {
        using var client = await _host.Client().LoggedInAsync("operator:ada:o1");
        var status = await client.StatusAsync("/dashboard/GrainState?grainId=x&grainType=x");
        Assert.DoesNotContain(status, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
    }

    [Theory]
    [InlineData("researcher:grace:r2")]
    [InlineData("operator:ada:o2")]
    public async Task A_login_opens_the_pages(string token)
    {
        using var client = await _host.Client().LoggedInAsync(token);
        foreach (var path in new[] { "/", "/runs/heart-7f3a", "/dashboard/", "/dashboard/DashboardCounters", "/api/runs", "/metrics", "/events" })
        {
            Assert.True(await client.StatusAsync(path) == HttpStatusCode.OK, path);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("operator:ada")]
    public async Task A_token_that_does_not_hold_is_refused(string token)
    {
        using var client = _host.Client();
        using var answer = await client.PostLoginAsync("token", token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, await client.StatusAsync("/"));
    }

    [Fact]
    public async Task The_cookie_is_strict_and_out_of_reach_of_scripts()
    {
        using var client = _host.Client();
        using var answer = await client.PostLoginAsync("token", "operator:ada:o3");
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), value => value.StartsWith("fed.session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_login_without_the_forms_token_is_refused()
    {
        using var client = _host.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["token"] = "operator:ada:o4" });
        using var answer = await client.PostAsync(new Uri("/login", UriKind.Relative), form, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_link_works_once_and_only_when_posted()
    {
        using var client = _host.Client();
        for (var look = 0; look < 2; look++)
        {
            Assert.Contains(
                "value=\"link:ada:l1\"", await client.GetStringAsync(new Uri("/login?link=link:ada:l1", UriKind.Relative), Cancelled), StringComparison.Ordinal);
        }

        using var first = await client.PostLoginAsync("link", "link:ada:l1");
        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync("/"));

        foreach (var field in new[] { "link", "token" })
        {
            using var other = _host.Client();
            using var again = await other.PostLoginAsync(field, "link:ada:l1");
            Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        }
    }

    [Fact]
    public async Task A_lasting_token_is_not_taken_from_a_link()
    {
        using var client = _host.Client();
        using var answer = await client.PostLoginAsync("link", "operator:ada:o5");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_revoked_token_does_not_log_in()
    {
        await using var host = await PagesHost.StartAsync();
        host.Federation.Revoked = [new("gone", TimeProvider.System.GetUtcNow().AddHours(1))];
        using var client = host.Client();
        using var answer = await client.PostLoginAsync("token", "operator:ada:gone");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/runs/heart-7f3a", "/runs/heart-7f3a")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("", "/")]
    public async Task A_login_returns_to_a_path_of_its_own_only(string asked, string expected)
    {
        using var client = _host.Client();
        using var answer = await client.PostLoginAsync("token", "operator:ada:o6", asked);
        Assert.Equal(expected, answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Logging_out_ends_the_session_and_needs_the_forms_token()
    {
        using var client = await _host.Client().LoggedInAsync("operator:ada:o7");
        using var empty = new FormUrlEncodedContent([]);
        using var forged = await client.PostAsync(new Uri("/logout", UriKind.Relative), empty, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);

        var page = await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled);
        var token = page.Split("name=\"__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["__RequestVerificationToken"] = token });
        using var answer = await client.PostAsync(new Uri("/logout", UriKind.Relative), form, Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, await client.StatusAsync("/"));
    }

    [Fact]
    public async Task Attempts_to_log_in_are_limited()
    {
        await using var host = await PagesHost.StartAsync(("LoginAttemptsPerMinute", "3"));
        using var client = host.Client();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var answer = await client.PostLoginAsync("token", "wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var limited = await client.PostLoginAsync("token", "operator:ada:o8");
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
    }

    [Fact]
    public async Task A_scraper_reads_metrics_with_a_token_but_not_with_a_link()
    {
        using var client = _host.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "researcher:prometheus:m1");
        var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled);
        Assert.Contains("orleans", text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Redirect, await client.StatusAsync("/"));

        client.DefaultRequestHeaders.Authorization = new("Bearer", "link:prometheus:m2");
        Assert.Equal(HttpStatusCode.Unauthorized, await client.StatusAsync("/metrics"));
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:8080", HttpStatusCode.OK)]
    [InlineData("[::1]:8080", HttpStatusCode.OK)]
    [InlineData("fed.example", HttpStatusCode.OK)]
    [InlineData("[fd00::1]:8080", HttpStatusCode.OK)]
    [InlineData("[fd00:0::1]", HttpStatusCode.OK)]
    [InlineData("[fd00::2]", HttpStatusCode.BadRequest)]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("10.0.0.1", HttpStatusCode.BadRequest)]
    public async Task Only_known_names_are_answered(string name, HttpStatusCode expected)
    {
        using var client = _host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/login", UriKind.Relative));
        request.Headers.Host = name;
        using var answer = await client.SendAsync(request, Cancelled);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData(true, "/login", HttpStatusCode.OK)]
    [InlineData(true, "/link-only", HttpStatusCode.NotFound)]
    [InlineData(true, "/unbound", HttpStatusCode.NotFound)]
    [InlineData(true, "/nothing", HttpStatusCode.NotFound)]
    [InlineData(false, "/link-only", HttpStatusCode.OK)]
    [InlineData(false, "/login", HttpStatusCode.NotFound)]
    [InlineData(false, "/", HttpStatusCode.NotFound)]
    [InlineData(false, "/dashboard/", HttpStatusCode.NotFound)]
    [InlineData(false, "/health/live", HttpStatusCode.NotFound)]
    [InlineData(false, "/unbound", HttpStatusCode.NotFound)]
    public async Task Neither_port_serves_the_others_routes(bool web, string path, HttpStatusCode expected)
    {
        using var client = _host.Client(web ? _host.Web : _host.Link);
        client.DefaultRequestHeaders.Host = (web ? _host.Link : _host.Web).Authority;
        Assert.Equal(expected, await client.StatusAsync(path));
    }

    [Fact]
    public async Task Pages_are_strict_about_scripts_and_frames()
    {
        using var client = await _host.Client().LoggedInAsync("operator:ada:o9");
        using var answer = await client.GetAsync(new Uri("/", UriKind.Relative), Cancelled);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        var page = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/runs/none-such")]
    [InlineData("/runs/NOT-AN-ID")]
    [InlineData("/runs/a%2F..%2Fb")]
    [InlineData("/api/runs/none-such")]
    [InlineData("/api/runs/none-such/versions")]
    [InlineData("/runs/none-such/events")]
    public async Task Unknown_runs_are_not_found(string path)
    {
        using var client = await _host.Client().LoggedInAsync("operator:ada:o10");
        Assert.Equal(HttpStatusCode.NotFound, await client.StatusAsync(path));
    }

    [Theory]
    [InlineData("?from=0")]
    [InlineData("?count=0")]
    [InlineData("?count=201")]
    [InlineData("?from=x")]
    public async Task Versions_are_asked_for_within_bounds(string query)
    {
        using var client = await _host.Client().LoggedInAsync("operator:ada:o11");
        Assert.Equal(HttpStatusCode.BadRequest, await client.StatusAsync("/api/runs/heart-7f3a/versions" + query));
    }

    [Fact]
    public async Task Views_are_json_in_the_words_of_the_contracts()
    {
        using var client = await _host.Client().LoggedInAsync("operator:ada:o12");
        using var run = JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/runs/heart-7f3a", UriKind.Relative), Cancelled));
        Assert.Equal("running", run.RootElement.GetProperty("summary").GetProperty("status").GetString());
        Assert.Equal("training", run.RootElement.GetProperty("currentRound").GetProperty("phase").GetString());
        using var versions = JsonDocument.Parse(
            await client.GetStringAsync(new Uri("/api/runs/heart-7f3a/versions?from=2&count=3", UriKind.Relative), Cancelled));
        Assert.Equal([2, 3, 4], versions.RootElement.EnumerateArray().Select(item => item.GetProperty("manifest").GetProperty("round").GetInt32()));
    }

    [Fact]
    public async Task Why_a_run_waits_is_told_to_machines_and_in_its_stream()
    {
        using var client = await _host.Client().LoggedInAsync("operator:ada:o15");
        using var why = JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/runs/heart-7f3a/why", UriKind.Relative), Cancelled));
        Assert.Equal("round 3 waits for updates", why.RootElement.GetProperty("why").GetString());
        Assert.Equal(HttpStatusCode.NotFound, await client.StatusAsync("/api/runs/no-such-run/why"));

        await using var stream = await client.GetStreamAsync(new Uri("/runs/heart-7f3a/events", UriKind.Relative), Cancelled);
        var told = await SseParser.Create(stream).EnumerateAsync(Cancelled).FirstAsync(item => item.EventType == "why", Cancelled);
        Assert.Contains("it would be refused", told.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_begins_with_the_view_and_brings_a_committed_round()
    {
        await using var host = await PagesHost.StartAsync(("RefreshInterval", "00:00:00.100"));
        using var client = await host.Client().LoggedInAsync("operator:ada:o13");
        await using var stream = await client.GetStreamAsync(new Uri("/runs/heart-7f3a/events", UriKind.Relative), Cancelled);
        var committed = false;
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(Cancelled))
        {
            if (item.EventType == "run")
            {
                using var view = JsonDocument.Parse(item.Data);
                var rounds = view.RootElement.GetProperty("summary").GetProperty("committedRounds").GetInt32();
                if (rounds == 8)
                {
                    return;
                }

                Assert.Equal(7, rounds);
            }
            else if (item.EventType == "events" && !committed)
            {
                committed = true;
                host.Federation.Commit("heart-7f3a", 8);
            }
        }

        Assert.Fail("The stream ended before the round came.");
    }

    [Fact]
    public async Task A_quiet_stream_has_a_heartbeat_and_ends_in_time_so_that_the_login_is_checked_again()
    {
        await using var host = await PagesHost.StartAsync(("RefreshInterval", "00:00:00.100"), ("Heartbeat", "00:00:01"), ("StreamTime", "00:00:03"));
        using var client = await host.Client().LoggedInAsync("operator:ada:o14");
        await using var stream = await client.GetStreamAsync(new Uri("/events", UriKind.Relative), Cancelled);
        var types = new List<string>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(Cancelled))
        {
            types.Add(item.EventType);
        }

        Assert.Equal("federation", types[0]);
        Assert.Contains("heartbeat", types);
    }

    [Fact]
    public async Task Streams_are_bounded_and_a_closed_one_makes_room()
    {
        await using var host = await PagesHost.StartAsync(("MaxStreams", "2"), ("RefreshInterval", "00:00:00.100"), ("Heartbeat", "00:00:01"));
        using var client = await host.Client().LoggedInAsync("operator:ada:o15");
        var path = new Uri("/events", UriKind.Relative);
        var first = await client.GetStreamAsync(path, Cancelled);
        await using var second = await client.GetStreamAsync(path, Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await client.StatusAsync("/events"));

        await first.DisposeAsync();
        var status = HttpStatusCode.ServiceUnavailable;
        for (var attempt = 0; attempt < 100 && status == HttpStatusCode.ServiceUnavailable; attempt++)
        {
            await Task.Delay(50, Cancelled);
            status = await client.StatusAsync("/events");
        }

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_open_streams()
    {
        var host = await PagesHost.StartAsync();
        using var client = await host.Client().LoggedInAsync("operator:ada:o16");
        await using var stream = await client.GetStreamAsync(new Uri("/runs/heart-7f3a/events", UriKind.Relative), Cancelled);
        var began = TimeProvider.System.GetTimestamp();
        await host.DisposeAsync();
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Health_tells_ready_from_not_ready_and_nothing_more()
    {
        await using var host = await PagesHost.StartAsync();
        using var client = host.Client();
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/health/live", UriKind.Relative), Cancelled));
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancelled));

        host.Federation.Unavailable = true;
        using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("Unhealthy", await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/health/live", UriKind.Relative), Cancelled));
    }
}
