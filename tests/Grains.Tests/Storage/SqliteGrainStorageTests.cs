using System.Globalization;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Data.Sqlite;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;

namespace FederatedOrleans.Storage;

/// <summary>What Orleans' ADO.NET provider asks of the schema, against a real file.</summary>
public sealed class SqliteGrainStorageTests : IAsyncLifetime
{
    private const int Version = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("fo-sqlite-").FullName;
    private InProcessTestCluster? _cluster;

    private IGrainStorage Storage => _cluster!.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("sqlite");

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddSqliteGrainStorage("sqlite", Path.Combine(_folder, "state.db"), Version);
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster!.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Of_many_first_writes_at_once_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            try
            {
                await Storage.WriteStateAsync("fo.test", Id("race"), New(number));
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, won => won);
    }

    [Fact]
    public async Task A_stale_version_changes_nothing()
    {
        var first = New(1);
        await Storage.WriteStateAsync("fo.test", Id("stale"), first);
        var stale = New(2);
        stale.ETag = first.ETag;
        first.State = State(3);
        await Storage.WriteStateAsync("fo.test", Id("stale"), first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("fo.test", Id("stale"), stale));

        Assert.Equal(State(3).Keys, (await ReadAsync("stale")).State!.Keys);
    }

    [Fact]
    public async Task Write_clear_and_write_again()
    {
        var state = New(1);
        await Storage.WriteStateAsync("fo.test", Id("clear"), state);
        await Storage.ClearStateAsync("fo.test", Id("clear"), state);
        var cleared = await ReadAsync("clear");
        Assert.False(cleared.RecordExists);

        cleared.State = State(2);
        await Storage.WriteStateAsync("fo.test", Id("clear"), cleared);
        Assert.Equal(State(2).Keys, (await ReadAsync("clear")).State!.Keys);
    }

    [Fact]
    public async Task Keys_that_look_like_numbers_and_guids_stay_apart()
    {
        string[] keys = ["hospital:1", "hospital:1a", "run:1", "1", "a-1", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "hospital:6f9619ff-8b86-d011-b42d-00c04fc964ff"];
        for (var i = 0; i < keys.Length; i++)
        {
            await Storage.WriteStateAsync("fo.test", Id(keys[i]), New(i));
        }

        for (var i = 0; i < keys.Length; i++)
        {
            Assert.Equal(State(i).Keys, (await ReadAsync(keys[i])).State!.Keys);
        }

        Assert.False((await ReadAsync("hospital:2")).RecordExists);
    }

    [Fact]
    public async Task A_megabyte_comes_back_as_it_was()
    {
        var state = New(0);
        state.State = new HospitalState { Keys = [.. Enumerable.Range(0, 12_000).Select(KeyOf)] };
        await Storage.WriteStateAsync("fo.test", Id("large"), state);

        Assert.Equal(state.State!.Keys, (await ReadAsync("large")).State!.Keys);
    }

    [Theory]
    [InlineData(Version + 1)]
    [InlineData(1000)]
    public void A_newer_version_is_refused_and_left_alone(int version)
    {
        var path = Path.Combine(_folder, "newer.db");
        Execute(path, $"PRAGMA user_version = {version}");

        var refusal = Assert.Throws<DataFolderException>(() => new HostingProbe().AddSqliteGrainStorage("sqlite", path, Version));
        Assert.Contains(
            $"newer version of this program (schema {version}; this one knows {Version})", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(version, Execute(path, "PRAGMA user_version"));
    }

    [Fact]
    public async Task An_older_version_keeps_what_it_holds()
    {
        var path = Path.Combine(_folder, "state.db");
        await Storage.WriteStateAsync("fo.test", Id("older"), New(1));
        Execute(path, "PRAGMA user_version = 1");

        new HostingProbe().AddSqliteGrainStorage("sqlite", path, Version);

        Assert.Equal(Version, Execute(path, "PRAGMA user_version"));
        Assert.Equal(State(1).Keys, (await ReadAsync("older")).State!.Keys);
    }

    private static int Execute(string path, string text)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static GrainId Id(string key) => GrainId.Create("fo.test", key);

    private static HospitalKey KeyOf(int number) =>
        new(ContentDigest.Of(BitConverter.GetBytes(number)).Hex, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(number));

    private static HospitalState State(int number) => new() { Standing = HospitalStanding.Enrolled, Keys = [KeyOf(number)] };

    private static GrainState<HospitalState> New(int number) => new(State(number));

    private async Task<GrainState<HospitalState>> ReadAsync(string key)
    {
        var state = new GrainState<HospitalState>(new HospitalState());
        await Storage.ReadStateAsync("fo.test", Id(key), state);
        return state;
    }
}
