using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FederatedOrleans.Operators;

/// <summary>The pages of a real federation: the demo's processes, its run and its login link.</summary>
public sealed class DemoInBrowserTests(Browser browser) : IClassFixture<Browser>
{
    private const int Rounds = 3;
    private static readonly string[] Hospitals = ["cleveland", "hungarian", "switzerland", "va"];

    [Fact]
    public async Task An_operator_looks_at_a_finished_run()
    {
        await using var demo = await Demo.RunAsync(PageChecks.RepositoryRoot, Rounds, TestContext.Current.CancellationToken);
        var (run, digest) = (demo.Result.GetProperty("run").GetString()!, demo.Result.GetProperty("finalModelDigest").GetString()!);
        var page = await browser.PageAsync();
        var checks = new PageChecks(page, demo.Web).Watch();
        await checks.RequireLoginAsync();
        await checks.LogInAsync(demo.LoginLink.ToString());
        await Expect(page.GetByText("demo, operator")).ToBeVisibleAsync();

        await checks.ShowFederationAsync(Hospitals.Length);
        await checks.ShowRunAsync(run, Rounds);
        await Expect(page.Locator("#run-status")).ToHaveTextAsync("Completed", new() { IgnoreCase = true });
        await Expect(page.Locator("#run-rounds")).ToHaveTextAsync($"{Rounds} of {Rounds} rounds committed");
        await Expect(page.Locator("#attending")).ToContainTextAsync($"{Hospitals.Length}");
        await Expect(page.Locator("#latest-title")).ToHaveTextAsync($"Latest model: version {Rounds}");
        await Expect(page.Locator("#latest-facts code")).ToHaveTextAsync(digest);
        await Expect(page.Locator("#left-out li")).ToHaveCountAsync(0);
        await Expect(page.Locator("#curve path[data-hospital]")).ToHaveCountAsync(Hospitals.Length);
        await ShowsWhatTheApiSaysAsync(page, demo.Web, run, digest);
        await checks.FitsAsync();
        await checks.PictureAsync("demo-run");

        await checks.ShowDashboardAsync();
        await checks.PictureAsync("demo-dashboard", whole: false);
        await checks.ShowGrainsAsync("RunGrain", "RoundCoordinatorGrain", "HospitalGrain", "FederationGrain");
        await checks.PictureAsync("demo-dashboard-grains", whole: false);
        checks.AssertQuiet();

        var other = await browser.PageAsync();
        var again = new PageChecks(other, demo.Web).Watch();
        await other.GotoAsync(demo.LoginLink.ToString());
        await other.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(other.GetByRole(AriaRole.Alert)).ToContainTextAsync("has been used");
        await again.PictureAsync("demo-link-used", whole: false);
        await again.RequireLoginAsync();
        again.AssertQuiet();
    }

    private static async Task ShowsWhatTheApiSaysAsync(IPage page, Uri web, string run, string digest)
    {
        var answer = await page.APIRequest.GetAsync(new Uri(web, $"api/runs/{run}/versions").ToString());
        Assert.True(answer.Ok, $"{answer.Status}");
        var versions = (await answer.JsonAsync())!.Value;
        Assert.Equal(Rounds, versions.GetArrayLength());
        var last = versions[Rounds - 1];
        Assert.Equal(digest, last.GetProperty("manifest").GetProperty("modelAfter").GetString());
        Assert.Equal(Hospitals, last.GetProperty("manifest").GetProperty("participants").EnumerateArray().Select(Hospital));
        var evaluations = last.GetProperty("evaluations").EnumerateArray().ToArray();
        Assert.Equal(Hospitals, evaluations.Select(Hospital));

        var rows = page.Locator("#latest-rows tr");
        await Expect(rows).ToHaveCountAsync(Hospitals.Length);
        for (var i = 0; i < Hospitals.Length; i++)
        {
            var accuracy = evaluations[i].GetProperty("metrics").GetProperty("accuracy").GetDouble();
            await Expect(rows.Nth(i).Locator("th")).ToHaveTextAsync(Hospitals[i]);

            // The page rounds; three digits are enough to know the number again.
            var shown = double.Parse(await rows.Nth(i).Locator("td").Nth(1).InnerTextAsync(), CultureInfo.InvariantCulture);
            Assert.Equal(accuracy, shown, 0.00051);
        }
    }

    private static string? Hospital(JsonElement item) => item.GetProperty("hospital").GetString();
}
