using FederatedOrleans.Operators.Fakes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FederatedOrleans.Operators;

public sealed class OperatorPagesInBrowserTests(Browser browser) : IClassFixture<Browser>
{
    private const string Run = "heart-7f3a";

    [Fact]
    public async Task An_operator_follows_a_run()
    {
        await using var host = await PagesHost.StartAsync();
        var page = await browser.PageAsync();
        var checks = new PageChecks(page, host.Web).Watch();
        await checks.RequireLoginAsync();
        await checks.PictureAsync("login", whole: false);
        await checks.LogInAsync("operator:ada@university.example:o1");
        await checks.ShowFederationAsync(hospitals: 5);
        await checks.ShowRunAsync(Run, committedAtLeast: 7);
        await Expect(page.Locator("#round-hospitals tr")).ToHaveCountAsync(4);
        await Expect(page.Locator("#round-hospitals")).ToContainTextAsync("<b>other</b>");
        await checks.FitsAsync();
        await checks.PictureAsync("run-light");
        await checks.FollowCommitAsync(() =>
        {
            host.Federation.Commit(Run, 8);
            host.Federation.BeginTraining(Run, 9);
            return Task.CompletedTask;
        });
        await Expect(page.Locator("#round-title")).ToHaveTextAsync("Round 9");
        await checks.ShowDashboardAsync();
        await checks.PictureAsync("dashboard", whole: false);
        checks.AssertQuiet();
    }

    [Theory]
    [InlineData("dark", 1280, true)]
    [InlineData("phone", 390, false)]
    [InlineData("phone-dark", 390, true)]
    public async Task The_page_fits_every_window(string name, int width, bool dark)
    {
        await using var host = await PagesHost.StartAsync();
        var page = await browser.PageAsync(width, 844, dark);
        var checks = new PageChecks(page, host.Web).Watch();
        await checks.LogInAsync("researcher:grace@university.example:r1");
        await checks.ShowRunAsync(Run, committedAtLeast: 7);
        await checks.FitsAsync();
        await checks.PictureAsync($"run-{name}");
        checks.AssertQuiet();
    }

    [Fact]
    public async Task A_researcher_sees_the_pages_but_no_grain_state()
    {
        await using var host = await PagesHost.StartAsync();
        var checks = new PageChecks(await browser.PageAsync(), host.Web).Watch();
        await checks.LogInAsync("researcher:grace@university.example:r2");
        await checks.ShowFederationAsync(hospitals: 5);
        await checks.ShowDashboardAsync();
        await checks.GrainStateIsShutAsync();
        checks.AssertQuiet();
    }

    [Fact]
    public async Task A_login_link_opens_the_pages_by_its_button()
    {
        await using var host = await PagesHost.StartAsync();
        var page = await browser.PageAsync();
        var checks = new PageChecks(page, host.Web).Watch();
        await checks.LogInAsync(new Uri(host.Web, "/login?link=link:ada:l1").ToString());
        await Expect(page.GetByText("ada, operator")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await Expect(page.GetByLabel("Access token")).ToBeVisibleAsync();
        checks.AssertQuiet();
    }

    [Fact]
    public async Task Without_runs_the_page_says_so_and_a_hostile_name_stays_text()
    {
        await using var host = await PagesHost.StartAsync();
        var page = await browser.PageAsync();
        var checks = new PageChecks(page, host.Web).Watch();
        await checks.LogInAsync("operator:ada:o2");
        await checks.ShowRunAsync("stroke-20de", committedAtLeast: 3);
        await Expect(page.Locator("#run-title")).ToContainTextAsync("<script>alert(1)</script>");
        await page.GotoAsync(new Uri(host.Web, "/runs/sepsis-91bc").ToString());
        await Expect(page.Locator("#run-reason")).ToContainTextAsync("too few reports");
        await Expect(page.Locator("#latest-none")).ToBeVisibleAsync();
        await checks.PictureAsync("run-paused");
        checks.AssertQuiet();
    }
}
