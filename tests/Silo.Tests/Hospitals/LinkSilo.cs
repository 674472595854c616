using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Blobs;
using FederatedOrleans.Federation;
using FederatedOrleans.Hosting;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Operators;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace FederatedOrleans.Hospitals;

/// <summary>A silo in this process with the real link: Kestrel, mutual TLS 1.3, an authority of its own. Its hospitals do what a test says.</summary>
public sealed class LinkSilo : IAsyncLifetime
{
    /// <summary>Chunk of a grain message: small, so that an update is many of them.</summary>
    internal const int ChunkBytes = 16 * 1024;

    /// <summary>Bytes of an update: about the largest model that a plan can ask for.</summary>
    internal const int UpdateBytes = ((Features * InputsOfFeature) + 1) * sizeof(float);

    private const string Federation = "link-study";
    private const int Features = 700;
    private const int InputsOfFeature = 61;
    private const string Levels = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("fo-link-silo-").FullName;
    private readonly List<IDisposable> _owned = [];
    private readonly int[] _ports = FreePorts(3);
    private CertificateAuthority? _authority;
    private WebApplication? _app;

    internal LinkLimits Limits { get; init; } = new();

    internal long StagingBudget { get; init; } = 1 << 30;

    /// <summary>Grains of this interface can't be reached, as when their silo has just died.</summary>
    internal Type? Unreachable { get; set; }

    /// <summary>What a test wants otherwise in the plan.</summary>
    internal Action<JsonObject>? ChangePlan { get; init; }

    internal IGrainFactory Grains => _app!.Services.GetRequiredService<IGrainFactory>();

    internal IBlobStore Blobs => _app!.Services.GetRequiredService<IBlobStore>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IFederationGrain Centre => Grains.GetGrain<IFederationGrain>(GrainKeys.Federation);

    public async ValueTask InitializeAsync()
    {
        _authority = Own(CertificateAuthority.Init(In("ca"), Federation, TimeProvider.System));
        var request = LinkKit.CreateForSilo(In("silo"), Federation, _authority.CertificatePem);
        LinkKit.InstallCertificate(In("silo"), _authority.Sign(await File.ReadAllTextAsync(request)).Pem, TimeProvider.System);
        var kit = Own(LinkKit.Load(In("silo"), TimeProvider.System, LinkRole.Silo));

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHospitalLink(kit, TimeProvider.System, Limits);
        builder.Services.AddFederationCentre(In("blobs"), In("scratch"), options =>
        {
            options.Federation = Federation;
            options.Tick = TimeSpan.FromMilliseconds(20);
        });
        builder.Services.AddSingleton(services => new UpdateIntake(services.GetRequiredService<IGrainFactory>(), ChunkBytes));
        builder.Services.AddSingleton(new StagingArea(StagingBudget, scratch: 0, Path.Combine(_folder, "scratch")));
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(_ports[1], _ports[2], null, "link", $"link-{_ports[1]}")
            .AddMemoryGrainStorage(StorageNames.Grains)
            .AddIncomingGrainCallFilter(call => call.InterfaceMethod?.DeclaringType is { } called && called == Unreachable
                ? throw new SiloUnavailableException("The silo of this grain has just died.")
                : call.Invoke())
            .UseInMemoryReminderService()
            .Services.PostConfigure<GrainTypeOptions>(types =>
                types.Classes.RemoveWhere(type => type.Assembly == typeof(LinkSilo).Assembly)));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenForHospitals(new IPEndPoint(IPAddress.Loopback, _ports[0]), kit));
        _app = builder.Build();
        _app.UseRouting();
        _app.UseHospitalIdentity(_ports[0]);
        _app.UsePortBoundEndpoints();
        _app.UseRateLimiter();
        _app.MapHospitalLink(_ports[0]);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _owned.ForEach(owned => owned.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Enrols hospitals and begins a run of theirs that waits for their updates.</summary>
    internal async Task<LinkRun> BeginAsync(params string[] hospitals)
    {
        var at = new Uri($"https://127.0.0.1:{_ports[0]}");
        var enrolled = new List<LinkHospital>();
        foreach (var id in hospitals)
        {
            var kit = Own(await EnrolAsync(id, at));
            enrolled.Add(Own(new LinkHospital(id, kit, at)));
        }

        var result = await Centre.SubmitAsync(new SubmitPlan { Submission = Guid.NewGuid(), Plan = Plan(hospitals) }, Token);
        Assert.Empty(result.Faults);
        var coordinator = Grains.GetGrain<IRoundCoordinatorGrain>(GrainKeys.Round(result.Run!, 1));
        foreach (var id in hospitals)
        {
            await AssignedAsync(id, result.Run!, AssignmentStage.Invited);
            Assert.Equal(RoundVerdict.Applied, await coordinator.AnswerAsync(id, 1, null, Token));
        }

        var training = await AssignedAsync(hospitals[0], result.Run!, AssignmentStage.Train);
        await UntilAsync("the epoch to open", async () =>
            (await coordinator.UploadTargetAsync(hospitals[0], 1, training.Epoch, Token)).Verdict == RoundVerdict.Applied);
        return new LinkRun(this, result.Run!, training.Epoch, enrolled, training.PlanDigest);
    }

    internal static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"Waited in vain for {what}.");
            await Task.Delay(20, Token);
        }
    }

    private byte[] Plan(string[] hospitals)
    {
        var levels = new JsonArray([.. Levels.Select(level => JsonValue.Create(level.ToString()))]);
        var plan = new JsonObject
        {
            ["version"] = 1,
            ["name"] = "large",
            ["dataset"] = new JsonObject
            {
                ["name"] = "wide",
                ["schema"] = new JsonObject
                {
                    ["features"] = new JsonArray([.. Enumerable.Range(0, Features).Select(index => new JsonObject
                    {
                        ["name"] = $"f{index}", ["kind"] = "categorical", ["levels"] = levels.DeepClone(),
                    })]),
                    ["label"] = "outcome",
                },
            },
            ["model"] = new JsonObject { ["kind"] = "logistic-regression", ["initial"] = "zeros" },
            ["training"] = new JsonObject { ["learningRate"] = 0.1, ["batchSize"] = 4, ["steps"] = 10 },
            ["rounds"] = 1,
            ["evaluation"] = new JsonObject { ["everyRounds"] = 1000 },
            ["hospitals"] = new JsonArray([.. hospitals.Select(hospital => JsonValue.Create(hospital))]),
            ["round"] = new JsonObject { ["minimumReports"] = 2, ["reportingDeadline"] = "01:00:00", ["leaseTime"] = "01:00:00" },
        };
        ChangePlan?.Invoke(plan);
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }

    private async Task<LinkKit> EnrolAsync(string id, Uri at)
    {
        var folder = In(id);
        var request = LinkKit.Create(folder, Invitation.Create(Federation, id, [at.ToString()], _authority!.CertificatePem));
        LinkKit.InstallCertificate(folder, _authority.Sign(await File.ReadAllTextAsync(request)).Pem, TimeProvider.System);
        var kit = LinkKit.Load(folder, TimeProvider.System, LinkRole.Hospital);
        var now = TimeProvider.System.GetUtcNow();
        Assert.True((await Centre.InviteHospitalAsync(id, Token)).Done);
        var key = new HospitalKey(kit.Identity.PublicKeyFingerprint, now - TimeSpan.FromDays(1), now + TimeSpan.FromDays(1));
        Assert.True((await Centre.AdmitHospitalAsync(id, key, Token)).Done);
        return kit;
    }

    private async Task<HospitalAssignment> AssignedAsync(string hospital, string run, AssignmentStage stage)
    {
        HospitalAssignment? found = null;
        await UntilAsync($"{hospital} to be {stage}", async () =>
        {
            found = (await Grains.GetGrain<IHospitalGrain>(GrainKeys.Hospital(hospital)).InboxAsync(Token)).Assignments
                .FirstOrDefault(assignment => assignment.Run == run && assignment.Stage == stage);
            return found is not null;
        });
        return found!;
    }

    private string In(string name) => Path.Combine(_folder, name);

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Insert(0, owned);
        return owned;
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
