using Microsoft.AspNetCore.Antiforgery;

namespace FederatedOrleans.Operators;

/// <summary>The pages seen before a login.</summary>
internal static class LoginPage
{
    /// <summary>Asks for a token.</summary>
    public static HtmlText Form(AntiforgeryTokenSet tokens, string returnUrl, string? fault) => Frame(HtmlText.Of($"""
          <h1>Log in</h1>
          {(fault is null ? HtmlText.Empty : HtmlText.Of($"<p class=\"fault\" role=\"alert\">{fault}</p>"))}
          <form method="post" action="/login">
            {PageFrame.Antiforgery(tokens)}
            <input type="hidden" name="returnUrl" value="{returnUrl}">
            <label for="token">Access token</label>
            <textarea id="token" name="token" rows="5" required spellcheck="false" autocomplete="off" autocapitalize="off"></textarea>
            <button class="primary">Log in</button>
          </form>
          <p class="hint">Tokens are given out by the federation's operator. A login link opens this page without one.</p>
        """));

    /// <summary>Asks whether to use a login link.</summary>
    public static HtmlText Link(AntiforgeryTokenSet tokens, string link) => Frame(HtmlText.Of($"""
          <h1>Log in with this link</h1>
          <p class="hint">The link works once. Nothing has happened yet.</p>
          <form method="post" action="/login">
            {PageFrame.Antiforgery(tokens)}
            <input type="hidden" name="link" value="{link}">
            <button class="primary">Log in</button>
          </form>
        """));

    private static HtmlText Frame(HtmlText body) => PageFrame.Of("Log in", HtmlText.Empty, HtmlText.Of($"""
        <body class="login">
        <main class="card">
          <p class="brand">FederatedOrleans</p>
        {body}
        </main>
        </body>
        """));
}
