using System.Net;
using FederatedOrleans.Postgres;
using Orleans;
using Orleans.Runtime;

namespace FederatedOrleans;

/// <summary>What Orleans' membership protocol asks of the table.</summary>
public sealed class MembershipTests(ServerFixture server) : IAsyncLifetime
{
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
    private PostgresDatabase? _database;
    private TestSilo? _silo;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IMembershipTable Table => _silo!.Membership;

    public async ValueTask InitializeAsync()
    {
        _database = await server.OpenAsync();
        _silo = TestSilo.Build(_database);
        await Table.InitializeMembershipTableAsync(true, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_cluster_is_one_version()
    {
        var table = await Table.ReadAllAsync(Token);

        Assert.Equal(0, table.Version.Version);
        Assert.Empty(table.Members);
        Assert.Empty((await Table.ReadRowAsync(Entry(1).SiloAddress, Token)).Members);
    }

    [Fact]
    public async Task What_is_written_is_read()
    {
        var entry = Entry(1);
        Assert.True(await Table.InsertRowAsync(entry, new TableVersion(1, "0"), Token));
        entry.Status = SiloStatus.Active;
        entry.AddSuspector(Entry(2).SiloAddress, Start);
        Assert.True(await Table.UpdateRowAsync(entry, "1", new TableVersion(2, "1"), Token));
        entry.IAmAliveTime = Start.AddMinutes(1);
        await Table.UpdateIAmAliveAsync(entry, Token);

        var table = await Table.ReadAllAsync(Token);

        Assert.Equal(2, table.Version.Version);
        var read = Assert.Single(table.Members).Item1;
        Assert.Equal(
            (entry.SiloAddress, "silo-1", "host", SiloStatus.Active, 30001, Start, Start.AddMinutes(1)),
            (read.SiloAddress, read.SiloName, read.HostName, read.Status, read.ProxyPort, read.StartTime, read.IAmAliveTime));
        var suspect = Assert.Single(read.SuspectTimes!);
        Assert.Equal((Entry(2).SiloAddress, Start), (suspect.Item1, suspect.Item2));
        Assert.Single((await Table.ReadRowAsync(entry.SiloAddress, Token)).Members);
        Assert.Empty((await Table.ReadRowAsync(Entry(2).SiloAddress, Token)).Members);
    }

    [Fact]
    public async Task Of_many_inserts_of_one_version_one_is_done()
    {
        var done = await Task.WhenAll(Enumerable.Range(1, 16).Select(number => Table.InsertRowAsync(Entry(number), new TableVersion(1, "0"), Token)));

        Assert.Single(done, true);
        var table = await Table.ReadAllAsync(Token);
        Assert.Equal((1, 1), (table.Version.Version, table.Members.Count));
    }

    [Fact]
    public async Task Of_many_updates_of_one_version_one_is_done()
    {
        Assert.True(await Table.InsertRowAsync(Entry(1), new TableVersion(1, "0"), Token));
        var done = await Task.WhenAll(Enumerable.Range(1, 16).Select(_ => Table.UpdateRowAsync(Entry(1), "1", new TableVersion(2, "1"), Token)));

        Assert.Single(done, true);
        Assert.Equal(2, (await Table.ReadAllAsync(Token)).Version.Version);
    }

    [Fact]
    public async Task A_stale_write_changes_nothing()
    {
        Assert.True(await Table.InsertRowAsync(Entry(1), new TableVersion(1, "0"), Token));
        Assert.True(await Table.InsertRowAsync(Entry(2), new TableVersion(2, "1"), Token));
        var stale = Entry(1);
        stale.Status = SiloStatus.Dead;

        Assert.False(await Table.UpdateRowAsync(stale, "1", new TableVersion(2, "1"), Token));
        Assert.False(await Table.InsertRowAsync(Entry(3), new TableVersion(2, "1"), Token));

        // Nor does one of the right version for a silo that is there already, or is not.
        Assert.False(await Table.InsertRowAsync(Entry(1), new TableVersion(3, "2"), Token));
        Assert.False(await Table.UpdateRowAsync(Entry(3), "2", new TableVersion(3, "2"), Token));
        var table = await Table.ReadAllAsync(Token);
        Assert.Equal(2, table.Version.Version);
        Assert.All(table.Members, member => Assert.Equal(SiloStatus.Joining, member.Item1.Status));
    }

    [Fact]
    public async Task Only_silos_that_are_not_active_are_cleaned_up()
    {
        var active = Entry(1);
        active.Status = SiloStatus.Active;
        var dead = Entry(2);
        dead.Status = SiloStatus.Dead;
        Assert.True(await Table.InsertRowAsync(active, new TableVersion(1, "0"), Token));
        Assert.True(await Table.InsertRowAsync(dead, new TableVersion(2, "1"), Token));

        await Table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Start.AddSeconds(-1)), Token);
        Assert.Equal(2, (await Table.ReadAllAsync(Token)).Members.Count);
        await Table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Start.AddDays(1)), Token);

        var table = await Table.ReadAllAsync(Token);
        Assert.Equal(active.SiloAddress, Assert.Single(table.Members).Item1.SiloAddress);
        Assert.Equal(2, table.Version.Version);
    }

    [Fact]
    public async Task A_cluster_is_removed_with_its_silos()
    {
        Assert.True(await Table.InsertRowAsync(Entry(1), new TableVersion(1, "0"), Token));
        await Table.DeleteMembershipTableEntriesAsync("test", Token);
        await Table.InitializeMembershipTableAsync(true, Token);

        var table = await Table.ReadAllAsync(Token);
        Assert.Equal((0, 0), (table.Version.Version, table.Members.Count));
    }

    private static MembershipEntry Entry(int number) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11110 + number, number),
        SiloName = $"silo-{number}",
        HostName = "host",
        Status = SiloStatus.Joining,
        ProxyPort = 30000 + number,
        StartTime = Start,
        IAmAliveTime = Start,
    };
}
