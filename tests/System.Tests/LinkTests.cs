using System.Diagnostics;
using System.Text.Json.Nodes;
using FederatedOrleans.Federations;
using FederatedOrleans.Identity;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Rounds;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;
using Grpc.Core;

namespace FederatedOrleans;

/// <summary>Who gets onto the hospital link, and how far.</summary>
[Collection(HospitalsGroup.Name)]
public sealed class LinkTests(HospitalsFixture fixture) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-link-");

    private TestFederation Federation => fixture.Federation;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_admitted_hospital_is_answered()
    {
        var kit = Federation.Local.In("va", "kit");

        Assert.Contains("HTTP/1.1 404", await AskAsync(kit, "-tls1_3"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_certificate()
    {
        AssertRefused(await AskAsync(null, "-tls1_3"));
        await LoggedAsync("NoCertificate");
    }

    [Fact]
    public async Task Nobody_gets_in_below_tls_13()
    {
        var answer = await AskAsync(Federation.Local.In("va", "kit"), "-tls1_2");

        AssertRefused(answer);
        Assert.Contains("alert protocol version", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        var authority = In("other-ca");
        using (CertificateAuthority.Init(authority, TestFederation.Id, TimeProvider.System))
        {
            AssertRefused(await AskAsync(Kit("va", authority), "-tls1_3"));
        }

        await LoggedAsync("OtherAuthority");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        var kit = LinkKits.Make(In("kit"), Federation.Local.In("ca"), "late", Federation.Local.LinkPort, TimeSpan.FromSeconds(1));
        await ExpiryAsync(kit);

        AssertRefused(await AskAsync(kit, "-tls1_3"));
        await LoggedAsync("Expired");
    }

    [Fact]
    public async Task The_silos_own_certificate_is_no_hospitals()
    {
        AssertRefused(await AskAsync(Federation.Local.In("silo", "kit"), "-tls1_3"));
        await LoggedAsync("WrongRole");
    }

    [Fact]
    public async Task A_genuine_certificate_that_was_never_admitted_is_forbidden()
    {
        var kit = Kit("stranger");

        Assert.Contains("HTTP/1.1 403", await AskAsync(kit, "-tls1_3"), StringComparison.Ordinal);
        var check = await CheckAsync(kit);
        Assert.Equal(1, check.ExitCode);
        Assert.Equal(
            [$"The centre at https://127.0.0.1:{Federation.Local.LinkPort}/ does not admit this hospital's key. Ask the operator whether it is enrolled, or revoked."],
            check.Sentences);
    }

    [Fact]
    public async Task A_new_key_under_an_enrolled_hospitals_name_is_forbidden() =>
        Assert.Contains("HTTP/1.1 403", await AskAsync(Kit("va"), "-tls1_3"), StringComparison.Ordinal);

    [Fact]
    public async Task A_revoked_hospital_loses_its_stream_and_is_forbidden()
    {
        await Federation.Local.EnrolAsync("leaver", Token);
        var folder = Federation.Local.In("leaver", "kit");
        using var kit = LinkKit.Load(folder, TimeProvider.System);
        using var link = Dial(kit);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var attending = link.AttendAsync([], opened.SetResult, _ => { }, Token);
        await opened.Task.WaitAsync(Deadline, Token);
        Assert.Empty((await link.NextAsync(Token)).Assignments);

        var revoked = await TestProgram.RunAsync(TestFiles.Fed, "hospital", "revoke", "leaver", "--connection", Federation.Local.Connection);
        Assert.Equal(0, revoked.ExitCode);

        await EndsAsync(attending);
        var refused = await Assert.ThrowsAsync<RpcException>(() => link.NextAsync(Token));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Equal(
            "the centre does not admit this hospital's key: ask its operator whether the hospital is enrolled, or revoked", LinkFault.Describe(refused));
        await Assert.ThrowsAsync<RpcException>(() => link.AttendAsync([], () => { }, _ => { }, Token).WaitAsync(Deadline, Token));
        Assert.Contains("HTTP/1.1 403", await AskAsync(folder, "-tls1_3"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hospitals_certificate_does_not_make_a_silo()
    {
        var port = FederatedOrleans.Cli.Demo.DemoPorts.Take(1)[0];
        var impostor = Federation.Local.In("va", "kit");
        var victim = LinkKits.Make(In("victim"), Federation.Local.In("ca"), "victim", port);
        using var server = Process.Start(new ProcessStartInfo(
            "openssl",
            ["s_server", "-accept", $"127.0.0.1:{port}", "-cert", LinkKits.CertificateOf(impostor), "-key", LinkKits.KeyOf(impostor), "-tls1_3", "-alpn", "h2", "-Verify", "1"])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            for (var line = ""; line != "ACCEPT";)
            {
                line = await server.StandardOutput.ReadLineAsync(Token) ?? throw new InvalidOperationException("The fake Silo did not start.");
            }

            var check = await CheckAsync(victim);

            Assert.Equal(1, check.ExitCode);
            Assert.Collection(
                check.Sentences,
                sentence => Assert.StartsWith(
                    $"The centre at https://127.0.0.1:{port}/ could not be reached: the centre could not be authenticated", sentence, StringComparison.Ordinal),
                sentence => Assert.StartsWith(
                    $"The certificate is that of hospital va of {TestFederation.Id}, where that of a ", sentence, StringComparison.Ordinal));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(Token);
        }
    }

    [Fact]
    public async Task A_hospital_can_do_nothing_in_a_round_it_was_not_invited_to()
    {
        string[] cohort = ["cleveland", "hungarian"];
        var run = await Federation.SubmitAsync(TestPlan.Long(plan =>
        {
            plan["rounds"] = 1;
            plan["hospitals"] = new JsonArray(cohort[0], cohort[1]);
            plan["round"]!["goalCount"] = 2;
            plan["round"]!["minimumReports"] = 2;
            plan["round"]!["leaseTime"] = "00:01:00";
        }));
        await Federation.WaitAsync("the round to train", async () => (await Federation.RunAsync(run)).CurrentRound?.Phase == RoundPhase.Training);
        using var kit = LinkKit.Load(Federation.Local.In("va", "kit"), TimeProvider.System);
        using var link = Dial(kit);
        var id = new AttemptId(run, 1, 1);

        // What the hospital of the same size would send: only the certificate is another one's.
        var forged = new byte[14 * sizeof(float)];
        var upload = await link.UploadAsync(
            new() { Id = id, Epoch = 1, Digest = ContentDigest.Of(forged), NumExamples = 1_000_000, Open = () => new MemoryStream(forged) }, Token);
        Assert.Equal((UploadVerdict.Refused, "this hospital is not of the round's cohort"), (upload.Verdict, upload.Reason));
        Assert.False(await link.AnswerAsync(id, SiteRefusal.None, Token));
        Assert.False(await link.AnswerAsync(id, SiteRefusal.NotApproved, Token));
        Assert.False(await link.ReportProgressAsync(id, new(SiteWork.Training, 1, 2), Token));
        Assert.False(await link.ReportFailureAsync(id, SiteFailure.Diverged, Token));
        Assert.False(await link.ReportEvaluationAsync(id with { Attempt = 0 }, new() { NumExamples = 1, Accuracy = 1, LogLoss = 0, MajorityRate = 1 }, Token));

        var version = Assert.Single(await Federation.CompleteAsync(run));
        Assert.Equal(cohort, version.Manifest.Participants.Select(update => update.Hospital));
        Assert.Empty(version.Manifest.LeftOut);
        Assert.Equal(1, version.Manifest.Attempt);
        Assert.DoesNotContain(version.Evaluations, evaluation => evaluation.Hospital == "va");
    }

    [Fact]
    public async Task Hospitals_listen_on_loopback_only()
    {
        var listeners = await TestProgram.RunAsync("ss", "-tlnpH");
        foreach (var hospital in TestPlan.Hospitals)
        {
            var process = Federation.Local.Processes[hospital].Id;
            var own = listeners.Output.Split('\n').Where(line => line.Contains($"pid={process},", StringComparison.Ordinal)).ToArray();

            // Its own silo at least: that the process was found at all.
            Assert.NotEmpty(own);
            Assert.All(own, line => Assert.StartsWith("127.0.0.1:", line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], StringComparison.Ordinal));
        }
    }

    private static void AssertRefused(string answer) => Assert.DoesNotContain("HTTP/", answer, StringComparison.Ordinal);

    private static async Task EndsAsync(Task attending)
    {
        try
        {
            await attending.WaitAsync(Deadline, Token);
        }
        catch (RpcException)
        {
            // Ended is ended.
        }
    }

    private static async Task ExpiryAsync(string kit)
    {
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(LinkKits.CertificateOf(kit));
        await TestFederation.UntilAsync(
            "the certificate to expire", () => TimeProvider.System.GetUtcNow().UtcDateTime > certificate.NotAfter.ToUniversalTime());
    }

    private static GrpcHospitalLink Dial(LinkKit kit) => new(
        kit.Addresses[0],
        () => new SocketsHttpHandler { SslOptions = LinkTls.ClientOptions(kit.Certificate, kit.PeerValidator(TimeProvider.System)) },
        TimeProvider.System);

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private string Kit(string hospital, string? authority = null) =>
        LinkKits.Make(In("kit"), authority ?? Federation.Local.In("ca"), hospital, Federation.Local.LinkPort);

    /// <summary>What openssl tells of a request over the link: the answer, or the alert.</summary>
    private async Task<string> AskAsync(string? kit, string version)
    {
        string[] own = kit is null ? [] : ["-cert", LinkKits.CertificateOf(kit), "-key", LinkKits.KeyOf(kit)];
        var result = await TestProgram.RunAsync(
            "openssl",
            "GET /link/v1/blobs/none HTTP/1.1\r\nHost: silo\r\nConnection: close\r\n\r\n",
            ["s_client", "-connect", $"127.0.0.1:{Federation.Local.LinkPort}", "-quiet", version, .. own]);
        return result.Output + result.Error;
    }

    private async Task<ProgramResult> CheckAsync(string kit)
    {
        var configuration = In("node.json");
        await File.WriteAllTextAsync(
            configuration,
            new JsonObject
            {
                ["version"] = 1,
                ["kit"] = kit,
                ["site"] = "site",
                ["data"] = Federation.Local.In("va", "data"),
                ["datasets"] = new JsonArray(DatasetOf("va")),
            }.ToJsonString(),
            Token);
        return await TestProgram.RunAsync(TestFiles.Node, "check", "--config", configuration);
    }

    /// <summary>The hospital's description, whose file is named by another hospital's id: so it is copied with the name put in.</summary>
    private string DatasetOf(string hospital)
    {
        var configuration = JsonNode.Parse(File.ReadAllText(Federation.Local.ConfigurationOf(hospital)))!;
        var description = JsonNode.Parse(File.ReadAllText(configuration["datasets"]![0]!.GetValue<string>()))!.AsObject();
        description["files"] = new JsonArray($"{{data}}/processed.{hospital}.data");
        description["split"] = new JsonObject { ["testFraction"] = 0.34, ["seed"] = 1 };
        var path = In("dataset.json");
        File.WriteAllText(path, description.ToJsonString());
        return path;
    }

    // The log is copied from the Silo's pipe, a moment later.
    private Task LoggedAsync(string refusal) => Federation.WaitAsync(
        $"the Silo to log {refusal}",
        () => Task.FromResult(Federation.Log("silo").Contains($"A connection to the link was refused: {refusal}", StringComparison.Ordinal)));
}
