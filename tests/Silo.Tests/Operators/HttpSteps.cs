using System.Net;
using System.Text.RegularExpressions;

namespace FederatedOrleans.Operators;

/// <summary>What a browser does, in single steps.</summary>
internal static partial class HttpSteps
{
    public static async Task<HttpResponseMessage> PostLoginAsync(this HttpClient client, string field, string value, string returnUrl = "/")
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var page = await client.GetStringAsync(new Uri("/login", UriKind.Relative), cancellationToken);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["__RequestVerificationToken"] = WebUtility.HtmlDecode(FormToken().Match(page).Groups["token"].Value),
            [field] = value,
            ["returnUrl"] = returnUrl,
        });
        return await client.PostAsync(new Uri("/login", UriKind.Relative), form, cancellationToken);
    }

    public static async Task<HttpClient> LoggedInAsync(this HttpClient client, string token)
    {
        using var answer = await client.PostLoginAsync("token", token);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return client;
    }

    public static async Task<HttpStatusCode> StatusAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex FormToken();
}
