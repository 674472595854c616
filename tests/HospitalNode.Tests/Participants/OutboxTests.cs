using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Updates on the site's disk.</summary>
public sealed class OutboxTests : IDisposable
{
    private static readonly AttemptId Id = new("run", 2, 1);
    private static readonly ParameterVector Update = new([1f, -2f, 3f]);
    private readonly TestFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task An_update_is_held_whole_until_it_is_deleted()
    {
        var outbox = new Outbox(_files.Folder);
        var digest = await outbox.PutAsync(Id, Update.AsBytes(), Token);

        Assert.Equal(Update.Digest, digest);
        Assert.Equal([Id], outbox.List());
        Assert.True(await outbox.HoldsAsync(Id, digest, Token));
        Assert.False(await outbox.HoldsAsync(Id, ContentDigest.Of("other"u8), Token));
        outbox.Delete(Id);
        Assert.False(await outbox.HoldsAsync(Id, digest, Token));
        Assert.Empty(Directory.EnumerateFiles(_files.Folder));
    }

    [Fact]
    public async Task What_a_crash_cut_off_while_it_was_written_is_removed_at_the_next_start()
    {
        await new Outbox(_files.Folder).PutAsync(Id, Update.AsBytes(), Token);
        _files.Write("run.3.1.update.part", "half of an upda");

        Assert.Equal([Id], new Outbox(_files.Folder).List());
        Assert.Single(Directory.EnumerateFiles(_files.Folder));
    }
}
