using Microsoft.AspNetCore.Antiforgery;

namespace FederatedOrleans.Operators;

/// <summary>What all pages share.</summary>
internal static class PageFrame
{
    /// <summary>The script of pages that need one.</summary>
    public static HtmlText Script { get; } = new("\n<script src=\"/assets/pages.js\" defer></script>");

    /// <summary>A whole document.</summary>
    public static HtmlText Of(string title, HtmlText head, HtmlText body) => HtmlText.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title} - FederatedOrleans</title>
        <link rel="icon" href="/assets/icon.svg">
        <link rel="stylesheet" href="/assets/pages.css">{head}
        </head>
        {body}
        </html>

        """);

    /// <summary>The field against forged requests.</summary>
    public static HtmlText Antiforgery(AntiforgeryTokenSet tokens) =>
        HtmlText.Of($"<input type=\"hidden\" name=\"{tokens.FormFieldName}\" value=\"{tokens.RequestToken}\">");
}
