using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Downloads of plans and models that break and go on.</summary>
public sealed class ContentCacheTests : IDisposable
{
    private const int Parameters = 2_500;

    private readonly string _folder = Directory.CreateTempSubdirectory("content-cache-").FullName;
    private readonly byte[] _content = [.. Enumerable.Range(0, 10_000).Select(value => (byte)(value * 7))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_download_that_broke_goes_on_where_it_stopped()
    {
        var link = new BreakingLink(_content) { BreakAfter = 4_000 };
        using var cache = new ContentCache(_folder, link);
        var digest = ContentDigest.Of(_content);

        await Assert.ThrowsAsync<IOException>(() => cache.GetAsync(digest, TestContext.Current.CancellationToken));
        link.BreakAfter = int.MaxValue;
        var received = await cache.GetAsync(digest, TestContext.Current.CancellationToken);

        Assert.Equal(_content, received);
        Assert.Equal([0, 4_000], link.Offsets);
    }

    [Fact]
    public async Task What_is_here_is_not_asked_for_again()
    {
        var link = new BreakingLink(_content);
        using var cache = new ContentCache(_folder, link);
        var digest = ContentDigest.Of(_content);

        await cache.GetAsync(digest, TestContext.Current.CancellationToken);
        await cache.GetAsync(digest, TestContext.Current.CancellationToken);

        Assert.Equal([0], link.Offsets);
    }

    [Fact]
    public async Task Bytes_that_do_not_fit_their_digest_are_thrown_away()
    {
        var link = new BreakingLink(_content);
        using var cache = new ContentCache(_folder, link);

        await Assert.ThrowsAsync<IOException>(
            () => cache.GetAsync(ContentDigest.Of("something else"u8), TestContext.Current.CancellationToken));

        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task The_oldest_go_when_there_is_no_room_and_the_newest_stays_however_large_it_is()
    {
        byte[][] contents = [[.. _content, 1], [.. _content, 2], [.. _content, 3]];
        foreach (var (day, content) in contents.Index())
        {
            using var cache = new ContentCache(_folder, new BreakingLink(content), keptBytes: 25_000);
            await cache.GetAsync(ContentDigest.Of(content), TestContext.Current.CancellationToken);

            // The disk's clock has ticks of milliseconds.
            File.SetLastWriteTimeUtc(Path.Combine(_folder, ContentDigest.Of(content).Hex), DateTime.UnixEpoch.AddDays(day));
        }

        Assert.Equal(
            contents[1..].Select(content => ContentDigest.Of(content).Hex).Order(),
            Directory.EnumerateFiles(_folder).Select(path => Path.GetFileName(path)).Order());

        using var small = new ContentCache(_folder, new BreakingLink(_content), keptBytes: 1);
        await small.GetAsync(ContentDigest.Of(_content), TestContext.Current.CancellationToken);
        Assert.Equal([ContentDigest.Of(_content).Hex], Directory.EnumerateFiles(_folder).Select(path => Path.GetFileName(path)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4_001)]
    [InlineData(10_000)]
    public async Task A_model_that_broke_off_goes_on_and_is_what_the_digest_says(int breakAfter)
    {
        var link = new BreakingLink(_content) { BreakAfter = breakAfter, IsAlwaysBroken = true };
        using var cache = new ContentCache(_folder, link);
        var digest = ContentDigest.Of(_content);
        var told = new List<(long, long)>();

        await Assert.ThrowsAsync<IOException>(() => VectorAsync(cache, digest));
        (link.BreakAfter, link.IsAlwaysBroken) = (int.MaxValue, false);
        var received = await cache.GetVectorAsync(
            digest, Parameters, TestContext.Current.CancellationToken, (here, all) => told.Add((here, all)));
        var again = await VectorAsync(cache, digest);

        Assert.Equal(_content, received.ToBytes());
        Assert.Equal(_content, again.ToBytes());
        Assert.Equal(_content, await File.ReadAllBytesAsync(Path.Combine(_folder, digest.Hex), TestContext.Current.CancellationToken));
        Assert.Equal([0, breakAfter], link.Offsets);
        Assert.Equal((_content.Length, _content.Length), told[^1]);
    }

    [Fact]
    public async Task A_model_that_is_sent_from_its_beginning_is_begun_anew()
    {
        var link = new BreakingLink(_content) { BreakAfter = 4_000 };
        using var cache = new ContentCache(_folder, link);
        await Assert.ThrowsAsync<IOException>(() => VectorAsync(cache, ContentDigest.Of(_content)));
        (link.BreakAfter, link.IgnoresOffsets) = (int.MaxValue, true);
        Assert.Equal(_content, (await VectorAsync(cache, ContentDigest.Of(_content))).ToBytes());
    }

    [Theory]
    [InlineData(9_996)]
    [InlineData(10_004)]
    public async Task A_model_of_another_length_is_thrown_away(int expected)
    {
        using var cache = new ContentCache(_folder, new BreakingLink(_content));
        await Assert.ThrowsAsync<IOException>(
            () => cache.GetVectorAsync(ContentDigest.Of(_content), expected / sizeof(float), TestContext.Current.CancellationToken));
        Assert.False(File.Exists(Path.Combine(_folder, ContentDigest.Of(_content).Hex)));
    }

    [Fact]
    public async Task What_is_left_of_another_model_under_its_name_is_no_part_of_it()
    {
        var digest = ContentDigest.Of(_content);
        var part = Path.Combine(_folder, digest.Hex + ".part");
        await File.WriteAllBytesAsync(part, new byte[5_000], TestContext.Current.CancellationToken);
        using var cache = new ContentCache(_folder, new BreakingLink(_content));

        await Assert.ThrowsAsync<IOException>(() => VectorAsync(cache, digest));
        Assert.Equal(_content, (await VectorAsync(cache, digest)).ToBytes());

        File.Delete(Path.Combine(_folder, digest.Hex));
        await File.WriteAllBytesAsync(part, new byte[50_000], TestContext.Current.CancellationToken);
        Assert.Equal(_content, (await VectorAsync(cache, digest)).ToBytes());
    }

    private static Task<ParameterVector> VectorAsync(ContentCache cache, ContentDigest digest) =>
        cache.GetVectorAsync(digest, Parameters, TestContext.Current.CancellationToken);

    /// <summary>A link that serves one content and breaks after so many bytes of a download.</summary>
    private sealed class BreakingLink(byte[] content) : IHospitalLink
    {
        public int BreakAfter { get; set; } = int.MaxValue;

        public bool IsAlwaysBroken { get; set; }

        public bool IgnoresOffsets { get; set; }

        public List<long> Offsets { get; } = [];

        public async Task<bool> DownloadAsync(ContentDigest digest, long offset, Stream target, CancellationToken cancellationToken)
        {
            Offsets.Add(offset);
            if (IgnoresOffsets)
            {
                target.SetLength(0);
                offset = 0;
            }

            var rest = content.AsMemory((int)offset);
            await target.WriteAsync(rest[..Math.Min(rest.Length, BreakAfter)], cancellationToken);
            return rest.Length <= BreakAfter && !IsAlwaysBroken ? true : throw new IOException("The connection broke.");
        }

        public Task AttendAsync(ImmutableArray<OfferedDataset> datasets, Action opened, Action<SiteInbox?> told, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<SiteInbox> NextAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> ReportProgressAsync(AttemptId id, SiteProgress progress, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> ReportFailureAsync(AttemptId id, SiteFailure failure, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> ReportEvaluationAsync(AttemptId id, EvaluationMetrics metrics, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<SiteOutcome> OutcomeAsync(AttemptId id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
