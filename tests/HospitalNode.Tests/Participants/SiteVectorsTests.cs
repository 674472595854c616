using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>What a participant keeps across rounds, on the site's disk.</summary>
public sealed class SiteVectorsTests : IDisposable
{
    private static readonly AttemptId Id = new("run", 2, 1);
    private static readonly ParameterVector Residual = new([1e-3f, -2e-3f, 0]);
    private readonly TestFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_residual_comes_back_until_it_is_deleted()
    {
        var residuals = new SiteVectors(_files.Folder, "residual", 64);
        var entry = await residuals.PutAsync(Id, Residual, Token);

        Assert.Equal(new VectorEntry { Id = Id, Digest = Residual.Digest }, entry);
        Assert.Equal(Residual.Digest, (await residuals.ReadAsync(entry, 3, Token))!.Digest);
        residuals.Delete(Id);
        residuals.Delete(Id);
        Assert.Null(await residuals.ReadAsync(entry, 3, Token));
    }

    [Fact]
    public async Task Another_length_or_other_bytes_are_not_taken()
    {
        var residuals = new SiteVectors(_files.Folder, "residual", 64);
        var entry = await residuals.PutAsync(Id, Residual, Token);

        Assert.Null(await residuals.ReadAsync(entry, 4, Token));
        Assert.Null(await residuals.ReadAsync(entry with { Digest = ContentDigest.Of([1]) }, 3, Token));
    }

    [Fact]
    public async Task Of_runs_without_end_only_the_newest_are_kept()
    {
        var residuals = new SiteVectors(_files.Folder, "residual", 64);
        for (var run = 0; run < 70; run++)
        {
            await residuals.PutAsync(new($"run-{run}", 1, 1), Residual, Token);
        }

        Assert.Equal(64, Directory.EnumerateFiles(_files.Folder).Count());
        Assert.True(File.Exists(Path.Combine(_files.Folder, "run-69.1.1.residual")));
    }
}
