using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Reflection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FederatedOrleans.Operators;

/// <summary>What must hold of the pages of any federation: the tests' fake one, or a real one given by its address and a login.</summary>
/// <param name="page">A page of a session that is not logged in.</param>
/// <param name="address">The address of the web endpoint.</param>
public sealed class PageChecks(IPage page, Uri address)
{
    private const int DashboardLoads = 3;

    private readonly ConcurrentQueue<string> _foreign = new();
    private readonly ConcurrentQueue<string> _complaints = new();

    /// <summary>Where screenshots go: artifacts/screenshots at the repository's root.</summary>
    public static string Screenshots => Path.Combine(RepositoryRoot, "artifacts", "screenshots");

    /// <summary>The repository's root.</summary>
    public static string RepositoryRoot { get; } = Root();

    /// <summary>Begins to watch for requests to other origins and for errors in the browser's console.</summary>
    public PageChecks Watch()
    {
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: not ("data" or "blob") } target && Uri.Compare(
                target, address, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
            {
                _foreign.Enqueue(request.Url);
            }
        };
        page.PageError += (_, error) =>
        {
            if (IsOurs)
            {
                _complaints.Enqueue(error);
            }
        };
        page.Console += (_, message) =>
        {
            if (IsOurs && message.Type == "error" && !message.Text.Contains("status of 40", StringComparison.Ordinal))
            {
                _complaints.Enqueue(message.Text);
            }
        };
        return this;
    }

    /// <summary>Without a login a person is led to the form, and nothing else is answered.</summary>
    public async Task RequireLoginAsync()
    {
        foreach (var path in new[] { "", "dashboard/" })
        {
            await page.GotoAsync(At(path));
            await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/login\\?", default, TimeSpan.FromSeconds(1)));
            await Expect(page.GetByLabel("Access token")).ToBeVisibleAsync();
        }

        foreach (var path in new[] { "api/runs", "api/hospitals", "events", "metrics", "dashboard/DashboardCounters", "dashboard/GrainState" })
        {
            var answer = await page.APIRequest.GetAsync(At(path), new() { MaxRedirects = 0 });
            Assert.True(answer.Status == (int)HttpStatusCode.Unauthorized, $"{path} answered {answer.Status}");
        }
    }

    /// <summary>Logs in with a login link or with a token.</summary>
    public async Task LogInAsync(string login)
    {
        if (Uri.TryCreate(login, UriKind.Absolute, out var link) && link.Scheme is "http" or "https")
        {
            await page.GotoAsync(login);
        }
        else
        {
            await page.GotoAsync(At("login"));
            await page.GetByLabel("Access token").FillAsync(login);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Log out" })).ToBeVisibleAsync();
    }

    /// <summary>The first page shows the runs, and lists hospitals, live.</summary>
    public async Task ShowFederationAsync(int hospitals)
    {
        await page.GotoAsync(At(""));
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await Expect(page.Locator("#runs li .pill").First).ToBeVisibleAsync();
        await Expect(page.Locator("#hospitals li")).ToHaveCountAsync(hospitals);
    }

    /// <summary>A run's page shows its progress, its metrics by round and its latest model.</summary>
    public async Task ShowRunAsync(string run, int committedAtLeast)
    {
        await page.GotoAsync(At($"runs/{run}"));
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await Expect(page.Locator("#run-status")).Not.ToBeEmptyAsync();
        Assert.True(await CommittedAsync() >= committedAtLeast);
        await Expect(page.Locator("#curve path.mean")).ToHaveCountAsync(1);
        await Expect(page.Locator("#curve path.majority")).ToHaveCountAsync(1);
        await Expect(page.Locator("#curve svg title")).ToHaveTextAsync("Accuracy by round");
        await Expect(page.Locator("#curve svg desc")).ToContainTextAsync("Mean Accuracy over hospitals");
        await Expect(page.Locator("#latest-rows tr").First).ToBeVisibleAsync();
        await Expect(page.Locator("#latest-facts code")).Not.ToBeEmptyAsync();

        var box = page.Locator("#legend input").First;
        var lines = await page.Locator("#curve path[data-hospital]").CountAsync();
        await box.UncheckAsync();
        await Expect(page.Locator("#curve path[data-hospital]")).ToHaveCountAsync(lines - 1);
        await box.CheckAsync();
        await page.GetByText("AUC", new() { Exact = true }).First.ClickAsync();
        await Expect(page.Locator("#curve svg title")).ToHaveTextAsync("AUC by round");
        await page.GetByText("Accuracy", new() { Exact = true }).First.ClickAsync();
        await Expect(page.Locator("#curve svg title")).ToHaveTextAsync("Accuracy by round");
    }

    /// <summary>A committed round shows by itself, in the page that was there before.</summary>
    public async Task FollowCommitAsync(Func<Task> commit)
    {
        await page.EvaluateAsync("() => { window.notReloaded = true; }");
        var before = await CommittedAsync();
        await commit();
        await page.WaitForFunctionAsync("before => document.querySelector('#run-progress').value > before", before, new() { Timeout = 120_000 });
        await Expect(page.Locator("#latest-title")).ToContainTextAsync((before + 1).ToString(CultureInfo.InvariantCulture));
        Assert.True(await page.EvaluateAsync<bool>("() => window.notReloaded === true"));
    }

    /// <summary>Orleans' dashboard opens.</summary>
    /// <remarks>
    /// Its script draws nothing at all when an answer of a busy Silo is late, or the page hangs as it loads, so that a person loads it again;
    /// so does this.
    /// </remarks>
    public async Task ShowDashboardAsync()
    {
        for (var load = 1; ; load++)
        {
            try
            {
                await page.GotoAsync(At("dashboard/"));
                await Expect(page.Locator("body")).ToContainTextAsync("Total Activations", new() { IgnoreCase = true });
                return;
            }
            catch (Exception exception) when (load < DashboardLoads && exception is PlaywrightException or TimeoutException)
            {
                // Once more.
            }
        }
    }

    /// <summary>Orleans' dashboard lists these grains.</summary>
    public async Task ShowGrainsAsync(params string[] grains)
    {
        await page.GotoAsync(At("dashboard/#/grains"));
        foreach (var grain in grains)
        {
            await Expect(page.Locator("body")).ToContainTextAsync(grain);
        }
    }

    /// <summary>The stored state of grains is shut to researchers.</summary>
    public async Task GrainStateIsShutAsync()
    {
        var answer = await page.APIRequest.GetAsync(At("dashboard/GrainState"));
        Assert.Equal((int)HttpStatusCode.Forbidden, answer.Status);
    }

    /// <summary>No page is wider than the window.</summary>
    public async Task FitsAsync() =>
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"));

    /// <summary>Nothing was asked of another origin, and the browser complained of nothing.</summary>
    public void AssertQuiet()
    {
        Assert.Empty(_foreign);
        Assert.Empty(_complaints);
    }

    /// <summary>Keeps a picture of the whole page, for a person to look at.</summary>
    /// <remarks>The browser of a busy machine may draw none in time, which says nothing of the page: it is asked once more.</remarks>
    public async Task PictureAsync(string name, bool whole = true)
    {
        var wanted = new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"{name}.png"), FullPage = whole };
        try
        {
            await page.ScreenshotAsync(wanted);
        }
        catch (TimeoutException)
        {
            await page.ScreenshotAsync(wanted);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FederatedOrleans.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Environment.CurrentDirectory;
    }

    /// <summary>Whether the page that is open is one of this project, and not of Orleans' dashboard, whose script nobody here can mend.</summary>
    private bool IsOurs => !new Uri(page.Url).AbsolutePath.StartsWith("/dashboard", StringComparison.Ordinal);

    private async Task<int> CommittedAsync() => await page.EvaluateAsync<int>("() => document.querySelector('#run-progress').value");

    private string At(string path) => new Uri(address, path).ToString();
}
