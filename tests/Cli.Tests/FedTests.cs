using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using FederatedOrleans.Connections;
using FederatedOrleans.Identity;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Cli.Tests;

public sealed class FedTests(FakeCentre centre)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nonsense")]
    [InlineData("run")]
    [InlineData("run submit")]
    [InlineData("run show Not_An_Id")]
    [InlineData("run list --count 0")]
    [InlineData("run list --count many")]
    [InlineData("model export run-complete")]
    [InlineData("token issue --key k --role king")]
    [InlineData("token issue --key k")]
    [InlineData("token issue --key k --role operator --days 367")]
    [InlineData("token revoke")]
    [InlineData("token revoke abc")]
    [InlineData("run list --connection /nowhere/connection.json")]
    [InlineData("login-link --key k --web nowhere")]
    public async Task Wrong_usage_ends_with_2(string line)
    {
        var result = await centre.FedAsync(line, cancellationToken: Token);
        Assert.Equal(2, result.Exit);
        Assert.NotEmpty(result.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("model export --help")]
    public async Task Help_names_the_exit_codes(string line)
    {
        var result = await centre.FedAsync(line, cancellationToken: Token);
        Assert.Equal(0, result.Exit);
        Assert.Contains("Exit codes:", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Piped_lists_are_tab_separated_lines_without_control_characters()
    {
        var result = await centre.FedAsync("run list", cancellationToken: Token);
        Assert.Equal(0, result.Exit);
        var lines = result.Out.Split(Environment.NewLine);
        Assert.Equal("run\tplan\tstatus\trounds\tsubmitted\tby\treason", lines[0]);
        Assert.Equal("run-stopped\theart\tstopped\t1/3\t2026-01-02 03:04:05Z\tada\tenough [31m", lines[1]);
        Assert.Equal("run-complete\theart\tcompleted\t3/3\t2026-01-02 03:04:05Z\tada\t", lines[2]);
    }

    [Fact]
    public async Task Json_has_a_fixed_shape()
    {
        using var runs = JsonDocument.Parse((await centre.FedAsync("run list --json", cancellationToken: Token)).Out);
        Assert.Equal(
            ["run", "planName", "planDigest", "status", "reason", "committedRounds", "rounds", "submittedBy", "submittedAt", "bestVersion"],
            runs.RootElement[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal("stopped", runs.RootElement[0].GetProperty("status").GetString());

        using var run = JsonDocument.Parse((await centre.FedAsync("run show run-complete --json", cancellationToken: Token)).Out);
        Assert.Equal(["summary", "currentRound", "versions"], run.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(0.8125, run.RootElement.GetProperty("versions")[0].GetProperty("evaluations")[0].GetProperty("metrics").GetProperty("accuracy").GetDouble());

        using var hospitals = JsonDocument.Parse((await centre.FedAsync("hospital list --json", cancellationToken: Token)).Out);
        Assert.Equal(
            ["hospital", "standing", "lastSeen", "attending", "nodeVersion", "datasets", "keyFingerprints", "availability", "opensAt", "isOpen"],
            hospitals.RootElement[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Statistics_are_shown_to_people_and_to_machines()
    {
        var text = await centre.FedAsync("run statistics run-complete", cancellationToken: Token);
        Assert.Equal(0, text.Exit);
        Assert.Contains("age\t20\t20\t40\t12.5656\t16.67 33.33 50\t\t1", text.Out, StringComparison.Ordinal);
        Assert.Contains("disease\t40\t0\t\t\t\tno 25, yes 15", text.Out, StringComparison.Ordinal);

        using var json = JsonDocument.Parse((await centre.FedAsync("run statistics run-complete --json", cancellationToken: Token)).Out);
        Assert.Equal(["rows", "features", "label"], json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ["name", "present", "missing", "undeclared", "withheld", "mean", "deviation", "quartiles", "range", "bins", "levels"],
            json.RootElement.GetProperty("features")[0].EnumerateObject().Select(member => member.Name));

        var none = await centre.FedAsync("run statistics run-stopped", cancellationToken: Token);
        Assert.Equal(1, none.Exit);
        Assert.Contains("'run-stopped' has no statistics", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminals_get_tables()
    {
        foreach (var line in (string[])["run list", "run show run-complete", "hospital list"])
        {
            var result = await centre.FedAsync(line, interactive: true, Token);
            Assert.Equal(0, result.Exit);
            Assert.Contains("─", result.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_submission_whose_answer_is_lost_is_one_run_and_is_watched_to_its_end()
    {
        var result = await centre.FedAsync($"run submit {centre.PlanPath} --watch", cancellationToken: Token);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.Exit);
        var lines = result.Out.TrimEnd().Split(Environment.NewLine);
        Assert.Equal("run-complete", lines[0]);
        Assert.EndsWith("round 1: cleveland evaluated - accuracy 0.8125 (majority 0.5400), auc 0.9000, log loss 0.5000, 60 rows", lines[3], StringComparison.Ordinal);
        Assert.Equal("run-complete completed: 3 of 3 rounds committed", lines[^1]);
    }

    [Fact]
    public async Task All_faults_of_a_plan_are_told_before_anything_is_sent()
    {
        var path = Path.Combine(centre.Folder, "faulty.json");
        await File.WriteAllTextAsync(path, "{}", Token);
        var result = await centre.FedAsync($"run submit {path} --connection /nowhere", cancellationToken: Token);
        Assert.Equal(1, result.Exit);
        Assert.Equal(
            [$"The plan {path} has 2 faults:", "  $.rounds: must be 1 to 100,000.", "  $.model.kind: is unknown.", ""],
            result.Error.Split(Environment.NewLine));
    }

    [Theory]
    [InlineData("run-complete", 0, 5)]
    [InlineData("run-silent", 0, 1)]
    [InlineData("run-late", 0, 4)]
    [InlineData("run-flaky", 0, 5)]
    [InlineData("run-stopped", 4, 5)]
    [InlineData("run-held", 5, 5)]
    [InlineData("run-unknown", 1, 0)]
    public async Task Watching_ends_with_the_run(string run, int exit, int count)
    {
        var result = await centre.FedAsync($"run watch {run} --json", cancellationToken: Token);
        Assert.Equal(exit, result.Exit);
        var lines = result.Out.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(count, lines.Length);
        if (count > 0)
        {
            using var last = JsonDocument.Parse(lines[^1]);
            Assert.Equal(run, last.RootElement.GetProperty("summary").GetProperty("run").GetString());
        }
    }

    [Fact]
    public async Task Watching_on_a_terminal_shows_a_bar()
    {
        var result = await centre.FedOnTerminalAsync("run watch run-complete", Token);
        Assert.Equal(0, result.Exit);
        Assert.Contains("cleveland evaluated", result.Out, StringComparison.Ordinal);
        Assert.Contains("round 3/3", result.Out, StringComparison.Ordinal);
        Assert.Contains("━━━━━━━━", result.Out, StringComparison.Ordinal);
        Assert.Contains("\u001b[", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_watch_ends_with_130()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var watching = centre.FedAsync("run watch run-endless", cancellationToken: interrupt.Token);
        await FakeRunGrain.EndlessIsWatched.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        await interrupt.CancelAsync();
        var result = await watching;
        Assert.Equal(130, result.Exit);
        Assert.Contains("goes on without you", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_are_carried_out_or_refused_with_the_centres_reason()
    {
        Assert.Equal(0, (await centre.FedAsync("run pause run-endless --reason lunch", cancellationToken: Token)).Exit);
        Assert.Contains("pause run-endless lunch", FakeRunGrain.Commands);
        Assert.Equal(0, (await centre.FedAsync("run evaluate run-complete --version 2", cancellationToken: Token)).Exit);
        Assert.Contains("evaluate run-complete 2", FakeRunGrain.Commands);
        Assert.Equal(0, (await centre.FedAsync("run release run-held --reason seen", cancellationToken: Token)).Exit);
        Assert.Contains("release run-held seen", FakeRunGrain.Commands);
        Assert.Equal(2, (await centre.FedAsync("run release run-held", cancellationToken: Token)).Exit);
        var resumed = await centre.FedAsync("run resume run-endless", cancellationToken: Token);
        Assert.Equal((1, "The run is not paused."), (resumed.Exit, resumed.Error.Trim()));
        Assert.Equal(0, (await centre.FedAsync("hospital invite basel", cancellationToken: Token)).Exit);
        Assert.Equal(1, (await centre.FedAsync("hospital revoke basel", cancellationToken: Token)).Exit);
    }

    [Fact]
    public async Task Why_is_a_sentence_a_table_and_what_closing_would_do()
    {
        var result = await centre.FedAsync("run why run-endless", cancellationToken: Token);
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Equal(
            [
                "Round 2 waits for updates: 1 are in, at least 2 must be.", "hospital\tdoes", "va\ttrains: 40 of 100 steps",
                "Closed now, it would be refused: 1 of at least 2 updates are in.", "",
            ],
            result.Out.Split(Environment.NewLine));
        Assert.Equal(1, (await centre.FedAsync("run why run-unknown", cancellationToken: Token)).Exit);

        using var json = JsonDocument.Parse((await centre.FedAsync("run why run-endless --json", cancellationToken: Token)).Out);
        Assert.Equal(40, json.RootElement.GetProperty("hospitals")[0].GetProperty("activity").GetProperty("stepsDone").GetInt32());
    }

    [Fact]
    public async Task A_round_is_given_up_or_the_refusal_to_close_it_is_told()
    {
        Assert.Equal(0, (await centre.FedAsync("round abandon run-endless --reason wrong", cancellationToken: Token)).Exit);
        Assert.Contains("abandon run-endless wrong", FakeRunGrain.Commands);
        var refused = await centre.FedAsync("round close run-endless", cancellationToken: Token);
        Assert.Equal((1, "Fewer than the minimum are in."), (refused.Exit, refused.Error.Trim()));
    }

    [Theory]
    [InlineData("run pause run-endless --reason lunch", """{ "run": "run-endless", "done": "paused" }""")]
    [InlineData("run stop run-endless", """{ "run": "run-endless", "done": "stopped" }""")]
    [InlineData("hospital invite basel", """{ "hospital": "basel", "done": "invited", "file": null }""")]
    [InlineData(
        "token revoke 0123456789abcdef0123456789abcdef", """{ "tokenId": "0123456789abcdef0123456789abcdef", "done": "revoked" }""")]
    public async Task What_was_done_is_told_to_machines(string line, string expected)
    {
        var result = await centre.FedAsync($"{line} --json", cancellationToken: Token);
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(result.Out)), result.Out);
    }

    [Theory]
    [InlineData("run resume run-endless")]
    [InlineData("hospital revoke basel")]
    public async Task What_was_refused_is_told_to_machines_by_the_exit_code(string line)
    {
        var result = await centre.FedAsync($"{line} --json", cancellationToken: Token);
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.NotEmpty(result.Error);
    }

    [Fact]
    public async Task An_export_tells_machines_its_digest()
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(centre.Folder, "exports")).FullName, "model.json");
        var result = await centre.FedAsync($"model export run-complete --out {path} --json", cancellationToken: Token);
        var expected = new JsonObject
        {
            ["run"] = "run-complete", ["version"] = 2, ["model"] = ContentDigest.Of(Sample.Payload).Hex, ["file"] = path,
        };
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(result.Out)), result.Out);
    }

    [Fact]
    public async Task A_refused_token_is_told_in_the_centres_words()
    {
        var folder = Directory.CreateDirectory(Path.Combine(centre.Folder, "other")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), "another-token", Token);
        File.Copy(centre.ConnectionPath, Path.Combine(folder, "connection.json"), overwrite: true);
        var result = await centre.FedAsync($"run submit {centre.PlanPath} -c {folder}/connection.json", cancellationToken: Token);
        Assert.Equal((1, "The token is revoked: ask the federation's operator for a new one."), (result.Exit, result.Error.Trim()));
    }

    [Fact]
    public async Task A_centre_that_is_away_ends_with_3()
    {
        var path = Path.Combine(centre.Folder, "away.json");
        (ConnectionFile.Load(centre.ConnectionPath).Connection! with { Gateways = [$"127.0.0.1:{FakeCentre.FreePort()}"] }).Save(path);
        var result = await centre.FedAsync($"run list --connection {path}", cancellationToken: Token);
        Assert.Equal(3, result.Exit);
        Assert.Contains("can't be reached at 127.0.0.1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_never_overwrites_without_force_and_leaves_nothing_behind()
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(centre.Folder, "models")).FullName, "model.json");
        Assert.Equal(0, (await centre.FedAsync($"model export run-complete --out {path}", cancellationToken: Token)).Exit);
        var first = await File.ReadAllBytesAsync(path, Token);
        Assert.Equal(1, (await centre.FedAsync($"model export run-complete --out {path}", cancellationToken: Token)).Exit);
        Assert.Equal(0, (await centre.FedAsync($"model export run-stopped --version 2 --force --out {path}", cancellationToken: Token)).Exit);
        Assert.Equal(first, await File.ReadAllBytesAsync(path, Token));
        Assert.Equal(1, (await centre.FedAsync($"model export run-complete --version 9 --out {path}.9", cancellationToken: Token)).Exit);
        var broken = await centre.FedAsync($"model export run-broken --out {path}.b", cancellationToken: Token);
        Assert.Equal(1, broken.Exit);
        Assert.Contains("another digest", broken.Error, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task A_certificates_key_is_admitted_by_its_fingerprint()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        async Task<string> CertificateAsync(string? hospital, string federation = "heart")
        {
            var request = new CertificateRequest("CN=basel", key, HashAlgorithmName.SHA256);
            if (hospital is not null)
            {
                var names = new SubjectAlternativeNameBuilder();
                names.AddUri(new Uri(LinkName.Hospital(federation, hospital).Uri));
                request.CertificateExtensions.Add(names.Build());
            }

            using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(9));
            var file = Path.Combine(centre.Folder, $"{hospital ?? "nobody"}.pem");
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), Token);
            return file;
        }

        var other = await centre.FedAsync($"hospital admit basel {await CertificateAsync("bern")}", cancellationToken: Token);
        Assert.Equal(1, other.Exit);
        Assert.EndsWith("is that of hospital bern of heart, not of hospital basel of heart.", other.Error.Trim(), StringComparison.Ordinal);
        var elsewhere = await centre.FedAsync($"hospital admit basel {await CertificateAsync("basel", "lung")}", cancellationToken: Token);
        Assert.Equal(1, elsewhere.Exit);
        Assert.EndsWith("is that of hospital basel of lung, not of hospital basel of heart.", elsewhere.Error.Trim(), StringComparison.Ordinal);
        var nobody = await centre.FedAsync($"hospital admit basel {await CertificateAsync(null)}", cancellationToken: Token);
        Assert.Equal(1, nobody.Exit);
        Assert.Contains("names no hospital of a federation", nobody.Error, StringComparison.Ordinal);
        var path = await CertificateAsync("basel");
        Assert.Equal(0, (await centre.FedAsync($"hospital admit basel {path}", cancellationToken: Token)).Exit);
        var told = JsonNode.Parse((await centre.FedAsync($"hospital admit basel {path} --json", cancellationToken: Token)).Out)!.AsObject();
        Assert.Equal(["hospital", "done", "fingerprint", "notAfter"], told.Select(member => member.Key));
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        Assert.Contains($"admit basel {fingerprint}", FakeRunGrain.Commands);
        Assert.Equal(fingerprint, told["fingerprint"]!.GetValue<string>());
        Assert.Equal(1, (await centre.FedAsync($"hospital admit basel {centre.PlanPath}", cancellationToken: Token)).Exit);
    }
}
