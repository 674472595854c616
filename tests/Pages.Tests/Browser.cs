using Microsoft.Playwright;

namespace FederatedOrleans.Operators;

/// <summary>Debian's Chromium, without anything it would fetch by itself. Environment: CHROMIUM, the executable.</summary>
public sealed class Browser : IAsyncLifetime
{
    // Milliseconds. A deadline of the machine's, not of the pages: a busy one takes seconds for what an idle one does in a tenth.
    private const float Patience = 30_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A page of a session of its own.</summary>
    public async Task<IPage> PageAsync(int width = 1280, int height = 800, bool dark = false)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            TimezoneId = "UTC",
        });
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
