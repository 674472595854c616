namespace FederatedOrleans.Tokens;

/// <summary>The address that opens the operator pages once.</summary>
public static class LoginLink
{
    /// <summary>Path of the page that takes the token.</summary>
    public const string Path = "/login";

    /// <summary>Name of the query parameter that holds the token.</summary>
    public const string Parameter = "link";

    /// <summary>The link for a token of <see cref="TokenUse.Login"/>.</summary>
    /// <param name="web">Address of the operator pages, without a path.</param>
    /// <param name="token">The token.</param>
    public static Uri For(Uri web, string token) => new(web, $"{Path}?{Parameter}={Uri.EscapeDataString(token)}");
}
