using System.Text.Json.Nodes;
using FederatedOrleans.Encodings;
using FederatedOrleans.Identity;
using FederatedOrleans.Link;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Runs;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;
using Microsoft.Extensions.Logging.Abstractions;

namespace FederatedOrleans.Hospitals;

/// <summary>A node's own end and the Silo's, over the real link: slow lines, what is told of them, and encoded updates.</summary>
public sealed class TransferTests
{
    private const int Rate = 24 * 1024;
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(250);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hospital_that_the_silo_limits_takes_its_time_both_ways_is_not_cut_and_tells_how_far_it_is()
    {
        await using var silo = new LinkSilo { Limits = new LinkLimits { MaxBytesPerSecond = Rate } };
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("slow-a", "slow-b");
        var content = LinkRun.Update(7);
        var model = await silo.Blobs.PutAsync(content, Token);

        // Whole transfers take longer than their connections may stand still.
        using var link = Dial(run.Hospitals[0], longestIdle: TimeSpan.FromSeconds(4));
        var began = TimeProvider.System.GetTimestamp();
        var download = DownloadAsync(link, model);
        var progress = new JobProgress(new SiteActivity(), new AttemptId("run", 1, 1));
        var reporter = new JobReporter(
            new SiteContext { Hospital = "slow-a", Folder = "", ProgressInterval = TimeSpan.FromMilliseconds(200) },
            link,
            TimeProvider.System,
            NullLogger.Instance);
        var upload = reporter.ReportingAsync(new(run.Id, 1, 1), progress, () => UploadAsync(link, run, content, progress), Token);
        HospitalExplanation? told = null;
        await LinkSilo.UntilAsync("the centre to tell how long it will take", async () =>
        {
            Assert.False(upload.IsCompleted, $"The upload ended before: {told?.Doing}");
            told = (await run.Grain.WhyAsync(Token))!.Hospitals[0];
            return told.DoneAt is not null;
        });
        Assert.Matches(@"^uploads 0\.[01] of 0\.2 MB, about \d+ s left, done at about ", told!.Doing);
        Assert.Equal(content.Length, told.Activity.BytesTotal);
        Assert.InRange(told.Activity.BytesDone, 1, content.Length);

        Assert.Equal(UploadVerdict.Counted, (await upload).Verdict);
        AssertTook(began, content.Length);
        Assert.Equal(content, await download);
        AssertTook(began, content.Length);
        await run.StopAsync();
    }

    [Fact]
    public async Task A_hospital_spares_its_own_line_both_ways()
    {
        await using var silo = new LinkSilo();
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("spare-a", "spare-b");
        var content = LinkRun.Update(7);
        var model = await silo.Blobs.PutAsync(content, Token);
        using var link = Dial(run.Hospitals[0], longestIdle: TimeSpan.FromSeconds(4), Rate);
        var began = TimeProvider.System.GetTimestamp();
        var download = DownloadAsync(link, model);

        Assert.Equal(UploadVerdict.Counted, (await UploadAsync(link, run, content, new JobProgress(new SiteActivity(), new AttemptId("run", 1, 1)))).Verdict);
        AssertTook(began, content.Length);
        Assert.Equal(content, await download);
        AssertTook(began, content.Length);
        await run.StopAsync();
    }

    [Fact]
    public async Task What_a_hospital_does_is_told_as_it_says_it()
    {
        await using var silo = new LinkSilo();
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("says-a", "says-b");
        using var link = Dial(run.Hospitals[0]);
        foreach (var (progress, doing) in new[]
        {
            (new SiteProgress(SiteWork.Downloading, 0, 0, 5_000_000, 100_000_000), "downloads 5.0 of 100.0 MB"),
            (new SiteProgress(SiteWork.Training, 3, 10), "trains: 3 of 10 steps"),
            (new SiteProgress(SiteWork.Paused, 3, 10), "pauses after 3 of 10 steps: its machine is not free for it now"),
            (new SiteProgress(SiteWork.Uploading, 10, 10, 31_000_000, 100_000_000), "uploads 31.0 of 100.0 MB"),
        })
        {
            Assert.True(await link.ReportProgressAsync(new(run.Id, 1, 1), progress, Token));
            Assert.Equal(doing, (await run.Grain.WhyAsync(Token))!.Hospitals[0].Doing);
        }

        await run.StopAsync();
    }

    [Fact]
    public async Task Encoded_updates_travel_with_a_tag_and_count_as_what_they_stand_for()
    {
        var transfer = new TransferPlan { Update = "int8", Compression = "lz4" };
        await using var silo = new LinkSilo
        {
            ChangePlan = plan => plan["transfer"] = new JsonObject { ["update"] = transfer.Update, ["compression"] = transfer.Compression },
        };
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("int8-a", "int8-b");
        foreach (var (hospital, value) in run.Hospitals.Zip([127f, 254f]))
        {
            // A value that is exactly 127 steps: what arrives can be told.
            var encoded = ErrorFeedback.Encode(ParameterVector.FromBytes(LinkRun.Update(value)), null, transfer);
            Assert.Equal("int8+lz4", encoded.Format.Tag);
            using var link = Dial(hospital);
            var result = await link.UploadAsync(
                new UpdateUpload
                {
                    Id = new(run.Id, 1, 1),
                    Epoch = run.Epoch,
                    Digest = ContentDigest.Of(encoded.Bytes.Span),
                    NumExamples = 10,
                    Encoding = encoded.Format.Tag,
                    Open = () => new MemoryStream(encoded.Bytes.ToArray(), writable: false),
                },
                Token);
            Assert.Equal((UploadVerdict.Counted, null), (result.Verdict, result.Reason));
        }

        var manifest = await run.CommittedAsync();
        var model = ParameterVector.FromBytes(await run.Hospitals[0].Http.GetByteArrayAsync(
            new Uri($"{LinkRoutes.Blobs}/{manifest.ModelAfter.Hex}", UriKind.Relative), Token));
        Assert.All(model.Span.ToArray(), value => Assert.Equal(190.5f, value));
    }

    private static GrpcHospitalLink Dial(LinkHospital hospital, TimeSpan? longestIdle = null, long? maxBytesPerSecond = null) =>
        new(
            hospital.Address,
            () =>
            {
                // As a node with such a wish connects.
                var handler = hospital.Handler();
                handler.ConnectCallback = maxBytesPerSecond is null ? KeptAliveSocket.ConnectAsync : KeptAliveSocket.ConnectSlowAsync;
                return handler;
            },
            TimeProvider.System,
            longestIdle,
            maxBytesPerSecond: maxBytesPerSecond);

    private static async Task<byte[]> DownloadAsync(GrpcHospitalLink link, ContentDigest digest)
    {
        using var target = new MemoryStream();
        Assert.True(await link.DownloadAsync(digest, 0, target, Token));
        return target.ToArray();
    }

    private static Task<UploadResult> UploadAsync(GrpcHospitalLink link, LinkRun run, byte[] update, JobProgress progress) => link.UploadAsync(
        new UpdateUpload
        {
            Id = new(run.Id, 1, 1),
            Epoch = run.Epoch,
            Digest = ContentDigest.Of(update),
            NumExamples = 10,
            Open = () => new MeteredStream(new MemoryStream(update, writable: false), done => progress.Uploaded(done, update.Length)),
        },
        Token);

    /// <summary>At least as long as the bytes take; how much longer is the machine's affair.</summary>
    private static void AssertTook(long began, int bytes)
    {
        var took = TimeProvider.System.GetElapsedTime(began);
        Assert.True(took >= TimeSpan.FromSeconds(bytes / (double)Rate) - Burst, $"{bytes} bytes took {took.TotalSeconds:0.00} s");
    }
}
