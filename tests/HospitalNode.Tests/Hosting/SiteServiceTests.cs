using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Plans;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace FederatedOrleans.Site.Hosting;

/// <summary>A site of which one loop has died must not go on with the others.</summary>
public sealed class SiteServiceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TestFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_loop_that_dies_ends_the_site_and_its_other_loops()
    {
        var link = new QuietLink { Next = OutOfMemory };
        using var site = Site(link);

        await Assert.ThrowsAsync<OutOfMemoryException>(() => site.RunAsync(Token).WaitAsync(Patience, Token));

        Assert.Equal(0, link.Attending);
    }

    [Fact]
    public async Task A_site_that_dies_ends_the_node_and_says_of_what_kind()
    {
        using var site = Site(new QuietLink { Next = OutOfMemory });
        var lifetime = new Lifetime();
        using var service = new SiteService(site, lifetime, NullLogger<SiteService>.Instance);

        await service.StartAsync(Token);
        await lifetime.Stopping.WaitAsync(Patience, Token);

        Assert.Equal(nameof(OutOfMemoryException), service.Failure);
        await service.StopAsync(Token);
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_has_not_failed()
    {
        using var site = Site(new QuietLink());
        var lifetime = new Lifetime();
        using var service = new SiteService(site, lifetime, NullLogger<SiteService>.Instance);

        await service.StartAsync(Token);
        await service.StopAsync(Token).WaitAsync(Patience, Token);

        Assert.Null(service.Failure);
        Assert.False(lifetime.Stopping.IsCompleted);
    }

    // Longer than any array may be: the runtime's own exception, without the memory.
    private static ImmutableArray<SiteAssignment> OutOfMemory()
    {
        GC.KeepAlive(new byte[int.MaxValue]);
        return [];
    }

    // No grain is asked: nothing is assigned.
    private HospitalSite Site(IHospitalLink link) => new(
        new SiteContext { Hospital = "north", Folder = _files.Folder },
        grains: null!,
        link,
        new NoDatasets(),
        TimeProvider.System,
        NullLogger<HospitalSite>.Instance);

    private sealed class NoDatasets : IDatasetCatalog
    {
        public ImmutableArray<string> Names => [];

        public DatasetSchema? SchemaOf(string name) => null;

        public Task<LocalDataset> LoadAsync(string name, CancellationToken cancellationToken) => throw new DatasetException("There is none.");
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stopping => _stopping.Task;

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.TrySetResult();
    }
}
