using System.Text.Json.Nodes;
using FederatedOrleans.Cli;
using FederatedOrleans.Federations;

namespace FederatedOrleans;

/// <summary>Tokens at the real Silo, with the real <c>fed</c>.</summary>
[Collection(HospitalsGroup.Name)]
public sealed class TokenTests(HospitalsFixture fixture) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-tokens-");

    private TestFederation Federation => fixture.Federation;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_token_of_the_right_key_is_taken()
    {
        var connection = await ConnectionAsync("researcher", Federation.Local.Tokens);

        Assert.Equal((0, ""), await EndAsync(connection, "run", "list"));
    }

    [Fact]
    public async Task A_forged_token_is_refused()
    {
        Assert.Equal(0, (await TestProgram.RunAsync(TestFiles.Fed, "token", "init", In("other"))).ExitCode);
        var connection = await ConnectionAsync("operator", In("other"));

        await AssertRefusedAsync(connection, "run", "list");
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        var connection = await ConnectionAsync("operator", Federation.Local.Tokens, new PastTime(TimeSpan.FromDays(40)));

        await AssertRefusedAsync(connection, "run", "list");
    }

    [Fact]
    public async Task A_researcher_is_no_operator()
    {
        var connection = await ConnectionAsync("researcher", Federation.Local.Tokens);

        await AssertRefusedAsync(connection, "hospital", "revoke", "va");
        Assert.Contains(
            await Federation.Client.HospitalsAsync(TestContext.Current.CancellationToken),
            hospital => hospital is { Hospital: "va", Standing: FederatedOrleans.Hospitals.HospitalStanding.Enrolled });
    }

    private static async Task<(int ExitCode, string Error)> EndAsync(string connection, params string[] arguments)
    {
        var result = await TestProgram.RunAsync(TestFiles.Fed, [.. arguments, "--connection", connection]);
        return (result.ExitCode, result.Error);
    }

    private static async Task AssertRefusedAsync(string connection, params string[] arguments)
    {
        var (exitCode, error) = await EndAsync(connection, arguments);
        TestContext.Current.TestOutputHelper!.WriteLine($"{exitCode}: {error}");
        Assert.Equal(1, exitCode);
        var sentence = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("Exception", sentence, StringComparison.Ordinal);
        Assert.Matches("token|role|operator", sentence);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A connection file whose token was issued by a key, at a time.</summary>
    private async Task<string> ConnectionAsync(string role, string key, TimeProvider? time = null)
    {
        var told = new StringWriter();
        var context = new CliContext { Out = told, Error = told, Time = time ?? TimeProvider.System };
        string[] issue = ["token", "issue", "--key", key, "--federation", TestFederation.Id, "--subject", "ada", "--role", role, "--out", In("token")];
        Assert.Equal(0, await FedCommand.RunAsync(FedCommand.Create(context), issue, context, TestContext.Current.CancellationToken));
        var connection = JsonNode.Parse(await File.ReadAllTextAsync(Federation.Local.Connection, TestContext.Current.CancellationToken))!;
        connection["tokenFile"] = "token";
        await File.WriteAllTextAsync(In("connection.json"), connection.ToJsonString(), TestContext.Current.CancellationToken);
        return In("connection.json");
    }

    private sealed class PastTime(TimeSpan ago) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - ago;
    }
}
