using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace FederatedOrleans.Federations;

/// <summary>An operator who is logged in on the pages, and keeps what they answer.</summary>
internal sealed partial class OperatorSession : IDisposable
{
    private const string Metrics = "/metrics";

    private readonly HttpClient _http;
    private readonly string _token;

    private OperatorSession(HttpClient http, string token) => (_http, _token) = (http, token);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<OperatorSession> LogInAsync(TestFederation federation)
    {
        var token = (await File.ReadAllTextAsync(federation.Local.In("operator", "operator.token"), Token)).Trim();
        var http = new HttpClient { BaseAddress = federation.Local.Web };
        var page = await http.GetStringAsync(new Uri("/login", UriKind.Relative), Token);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["__RequestVerificationToken"] = WebUtility.HtmlDecode(FormToken().Match(page).Groups["token"].Value), ["token"] = token,
        });
        using var answer = await http.PostAsync(new Uri("/login", UriKind.Relative), form, Token);
        Assert.True(answer.IsSuccessStatusCode, $"The login was answered with {(int)answer.StatusCode}.");
        return new OperatorSession(http, token);
    }

    /// <summary>Reads a page as text, and keeps its bytes under its path.</summary>
    public async Task<string> GetAsync(string path, List<(string Name, byte[] Bytes)> answers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (path == Metrics)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        }

        using var answer = await _http.SendAsync(request, Token);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode}");
        var body = await answer.Content.ReadAsByteArrayAsync(Token);
        answers.Add((path, body));
        return Encoding.UTF8.GetString(body);
    }

    /// <summary>Opens a stream of events.</summary>
    public Task<Stream> OpenAsync(string path) => _http.GetStreamAsync(new Uri(path, UriKind.Relative), Token);

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex FormToken();
}
