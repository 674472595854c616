using System.Text.Json;
using FederatedOrleans.Security;
using FederatedOrleans.Tokens;

namespace FederatedOrleans.Cli.Tests;

public sealed class TokenCommandTests(FakeCentre centre)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_token_login_link_and_revocation()
    {
        var folder = Path.Combine(centre.Folder, "key");
        Assert.Equal(0, (await centre.FedAsync($"token init {folder}", cancellationToken: Token)).Exit);
        var secret = Path.Combine(folder, TokenKey.PrivateFileName);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
        }

        var before = await File.ReadAllTextAsync(secret, Token);
        var again = await centre.FedAsync($"token init {folder}", cancellationToken: Token);
        Assert.Equal(1, again.Exit);
        Assert.Contains("never overwritten", again.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(secret, Token));

        using var verifier = TokenVerifier.Load(Path.Combine(folder, TokenKey.PublicFileName), "heart", TimeProvider.System);
        var issued = await centre.FedAsync($"token issue --key {folder} --subject ada --role researcher --days 2 --json", cancellationToken: Token);
        using var json = JsonDocument.Parse(issued.Out);
        var token = json.RootElement.GetProperty("token").GetString();
        var verdict = await verifier.VerifyAsync(token, TokenUse.Client, FederationRole.Researcher);
        Assert.Equal(("ada", FederationRole.Researcher), (verdict.Identity!.Subject, verdict.Identity.Role));
        Assert.Equal(json.RootElement.GetProperty("tokenId").GetString(), verdict.Identity.TokenId);

        var file = Path.Combine(folder, "ada.token");
        Assert.Equal(0, (await centre.FedAsync($"token issue --key {folder} --subject ada --role operator --out {file}", cancellationToken: Token)).Exit);
        Assert.Equal(1, (await centre.FedAsync($"token issue --key {folder} --subject ada --role operator --out {file}", cancellationToken: Token)).Exit);

        var link = await centre.FedAsync($"login-link --key {folder} --subject eve", cancellationToken: Token);
        Assert.StartsWith("http://127.0.0.1:8080/login?link=", link.Out, StringComparison.Ordinal);
        var login = await verifier.VerifyAsync(new Uri(link.Out.Trim()).Query["?link=".Length..], TokenUse.Login, FederationRole.Operator);
        Assert.Equal("eve", login.Identity!.Subject);

        Assert.Equal(0, (await centre.FedAsync($"token revoke {verdict.Identity.TokenId}", cancellationToken: Token)).Exit);
        Assert.Contains($"revoke-token {verdict.Identity.TokenId}", FakeRunGrain.Commands);
        Assert.Equal(0, (await centre.FedAsync($"token revoke --file {file}", cancellationToken: Token)).Exit);
        Assert.Equal(1, (await centre.FedAsync($"token revoke --file {secret}", cancellationToken: Token)).Exit);
    }
}
