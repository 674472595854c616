using FederatedOrleans.Postgres;
using Npgsql;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace FederatedOrleans;

/// <summary>Grain state and reminders through a silo that runs.</summary>
public sealed class StoredStateTests(ServerFixture server) : IAsyncLifetime
{
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private PostgresDatabase? _database;
    private TestSilo? _silo;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IGrainStorage States => _silo!.States;

    public static TheoryData<string> Keys => new()
    {
        GrainId.Create("fo.test", "hospital:a").ToString(),
        GrainId.Create(GrainType.Create("fo.test"), GrainIdKeyExtensions.CreateGuidKey(new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"))).ToString(),
        GrainId.Create(GrainType.Create("fo.test"), GrainIdKeyExtensions.CreateGuidKey(new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"), "extension")).ToString(),
        GrainId.Create(GrainType.Create("fo.test"), GrainIdKeyExtensions.CreateIntegerKey(long.MinValue)).ToString(),
        GrainId.Create(GrainType.Create("fo.test"), GrainIdKeyExtensions.CreateIntegerKey(42, "extension")).ToString(),
    };

    public async ValueTask InitializeAsync()
    {
        _database = await server.OpenAsync();
        _silo = await TestSilo.StartAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Keys_of_every_kind_are_kept_apart(string key)
    {
        var id = GrainId.Parse(key);
        await States.WriteStateAsync("fo.state", id, new GrainState<byte[]>([1]), Token);
        await States.WriteStateAsync("fo.other", id, new GrainState<byte[]>([2]), Token);
        await States.WriteStateAsync("fo.state", GrainId.Create("fo.test", "neighbour"), new GrainState<byte[]>([3]), Token);

        Assert.Equal([1], (await ReadAsync(id)).State);
    }

    [Fact]
    public async Task Of_many_first_writes_one_wins()
    {
        var id = GrainId.Create("fo.test", "race");
        var won = await Task.WhenAll(Enumerable.Range(0, 16).Select(async number =>
        {
            try
            {
                await States.WriteStateAsync("fo.state", id, new GrainState<byte[]>([(byte)number]), Token);
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        }));

        Assert.Single(won, true);
    }

    [Fact]
    public async Task Written_cleared_and_written_again_it_keeps_its_version()
    {
        var id = GrainId.Create("fo.test", "again");
        var state = new GrainState<List<byte>>([1]);
        await States.WriteStateAsync("fo.state", id, state, Token);
        var stale = await ReadAsync<List<byte>>(id);
        await States.ClearStateAsync("fo.state", id, state, Token);
        Assert.False((await ReadAsync<List<byte>>(id)).RecordExists);
        state.State = [2];
        await States.WriteStateAsync("fo.state", id, state, Token);

        Assert.Equal("3", (await ReadAsync<List<byte>>(id)).ETag);
        Assert.Equal([2], (await ReadAsync<List<byte>>(id)).State);
        await Assert.ThrowsAsync<InconsistentStateException>(() => States.WriteStateAsync("fo.state", id, stale, Token));
    }

    [Fact]
    public async Task A_megabyte_comes_back_as_it_was()
    {
        var id = GrainId.Create("fo.test", "large");
        var bytes = new byte[1 << 20];
        new Random(1).NextBytes(bytes);
        await States.WriteStateAsync("fo.state", id, new GrainState<byte[]>(bytes), Token);

        Assert.Equal(bytes, (await ReadAsync(id)).State);
    }

    [Fact]
    public async Task Reminders_are_found_by_ranges_over_the_change_of_sign()
    {
        var table = _silo!.Reminders;
        var ids = Enumerable.Range(0, 40).Select(number => GrainId.Create("fo.test", $"reminded-{number}")).ToArray();
        foreach (var id in ids)
        {
            await table.UpsertRow(new ReminderEntry { GrainId = id, ReminderName = "wake", StartAt = Start, Period = TimeSpan.FromDays(60) }, Token);
        }

        // Of 40 hashes some lie on either side of every border.
        var hashes = ids.Select(id => id.GetUniformHashCode()).Order().ToArray();
        Assert.Contains(hashes, hash => hash > int.MaxValue);
        Assert.Contains(hashes, hash => hash < int.MaxValue);
        foreach (var (begin, end) in new[] { (hashes[5], hashes[35]), (hashes[35], hashes[5]), (0u, hashes[20]), (hashes[20], 0u), (7u, 7u) })
        {
            var expected = ids.Where(id => begin < end
                ? id.GetUniformHashCode() > begin && id.GetUniformHashCode() <= end
                : id.GetUniformHashCode() > begin || id.GetUniformHashCode() <= end).Order();
            var found = (await table.ReadRows(begin, end, Token)).Reminders;
            Assert.Equal(expected, found.Select(entry => entry.GrainId).Order());
            Assert.All(found, entry => Assert.Equal((Start, TimeSpan.FromDays(60)), (entry.StartAt, entry.Period)));
        }
    }

    [Fact]
    public async Task A_reminder_goes_with_its_version_only()
    {
        var table = _silo!.Reminders;
        var entry = new ReminderEntry { GrainId = GrainId.Create("fo.test", "one"), ReminderName = "wake", StartAt = Start, Period = TimeSpan.FromMinutes(1) };
        var first = await table.UpsertRow(entry, Token);
        var second = await table.UpsertRow(entry, Token);

        Assert.NotEqual(first, second);
        Assert.False(await table.RemoveRow(entry.GrainId, "wake", first!, Token));
        Assert.Equal(second, (await table.ReadRow(entry.GrainId, "wake", Token))!.ETag);
        Assert.True(await table.RemoveRow(entry.GrainId, "wake", second!, Token));
        Assert.Null(await table.ReadRow(entry.GrainId, "wake", Token));
    }

    private Task<GrainState<byte[]>> ReadAsync(GrainId id) => ReadAsync<byte[]>(id);

    private async Task<GrainState<T>> ReadAsync<T>(GrainId id)
    {
        var state = new GrainState<T>();
        await States.ReadStateAsync("fo.state", id, state, Token);
        return state;
    }

    [Fact]
    public void What_the_database_refused_is_told_to_another_silo()
    {
        var refused = new OrleansException("the state can't be read", new NpgsqlException("the server is away"));

        var told = _silo!.Serializer.Deserialize<Exception>(_silo.Serializer.SerializeToArray<Exception>(refused));

        Assert.Equal("the server is away", Assert.IsType<NpgsqlException>(Assert.IsType<OrleansException>(told).InnerException).Message);
    }
}
