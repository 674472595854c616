using Microsoft.Extensions.Time.Testing;

namespace FederatedOrleans.Site.Availability;

public sealed class LimitProbeTests : IDisposable
{
    private readonly FakeMachine _machine = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(50, 0, 50, null)]
    [InlineData(51, 0, 49, "others use 51 % of the processors, more than 50 %")]

    // What this process uses itself does not count, however much it is.
    [InlineData(0, 100, 0, null)]
    [InlineData(45, 55, 0, null)]
    [InlineData(60, 40, 0, "others use 60 % of the processors, more than 50 %")]
    public async Task Others_use_of_the_processors(int others, int own, int idle, string? expected)
    {
        var probe = new CpuProbe(50, _machine.Files, _time);
        Assert.Equal(expected, await MeasureAsync(probe, () => _machine.Use(others, own, idle)));
    }

    [Fact]
    public async Task The_use_of_the_processors_is_that_since_the_last_look()
    {
        var probe = new CpuProbe(50, _machine.Files, _time);
        Assert.NotNull(await MeasureAsync(probe, () => _machine.Use(90, 0, 10)));

        // Too soon for another reading: the last word holds.
        _machine.Use(0, 0, 1000);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.NotNull(await BrokenAsync(probe));
        _time.Advance(CpuProbe.Span);
        Assert.Null(await BrokenAsync(probe));
    }

    [Theory]
    [InlineData(8_000_000L * 1024, null)]
    [InlineData((8_000_000L * 1024) + 1, "8,192,000,000 bytes of memory are available, fewer than 8,192,000,001")]
    public async Task Memory_that_is_available(long minimum, string? expected) =>
        Assert.Equal(expected, await BrokenAsync(new MemoryProbe(minimum, _machine.Files)));

    [Theory]
    [InlineData("3.00 9.00 9.00 1/2 3", null)]
    [InlineData("3.10 0.00 0.00 1/2 3", "the load is 1.55 a processor, more than 1.5")]
    public async Task Load_over_a_minute_by_processor(string loadavg, string? expected)
    {
        _machine.Proc("loadavg", loadavg);
        Assert.Equal(expected, await BrokenAsync(new LoadProbe(1.5, _machine.Files)));
    }

    [Fact]
    public async Task Free_space_of_the_disk()
    {
        Assert.Null(await BrokenAsync(new DiskProbe(1, _machine.Folder)));
        Assert.EndsWith($"fewer than {long.MaxValue:N0}", await BrokenAsync(new DiskProbe(long.MaxValue, _machine.Folder)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_without_supplies_is_on_mains_and_one_with_a_battery_as_its_supplies_say()
    {
        var probe = new MainsProbe(_machine.Files);
        Assert.Null(await BrokenAsync(probe));
        _machine.Supply("BAT0", ("type", "Battery"), ("status", "Discharging"));
        Assert.Equal("the machine runs on its battery", await BrokenAsync(probe));
        _machine.Supply("BAT0", ("type", "Battery"), ("status", "Charging"));
        Assert.Null(await BrokenAsync(probe));
        _machine.Supply("AC", ("type", "Mains"), ("online", "0"));
        Assert.NotNull(await BrokenAsync(probe));
        _machine.Supply("AC", ("type", "Mains"), ("online", "1"));
        Assert.Null(await BrokenAsync(probe));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("GENERAL.METERED:no (guessed)\n\nGENERAL.METERED:unknown\n", false)]
    [InlineData("GENERAL.METERED:no\n\nGENERAL.METERED:yes (guessed)\n", true)]
    [InlineData("GENERAL.METERED:yes\n", true)]
    public async Task A_network_is_metered_only_where_its_manager_says_so(string? answer, bool expected) => Assert.Equal(
        expected ? "the network is a metered one" : null, await BrokenAsync(new MeteredProbe(_ => Task.FromResult(answer), _time)));

    [Fact]
    public async Task The_manager_is_asked_again_in_the_background()
    {
        var answers = new Queue<Task<string?>>([Task.FromResult<string?>("GENERAL.METERED:yes"), Task.FromResult<string?>("GENERAL.METERED:no")]);
        var probe = new MeteredProbe(_ => answers.Dequeue(), _time);
        Assert.NotNull(await BrokenAsync(probe));
        Assert.NotNull(await BrokenAsync(probe));
        Assert.NotEmpty(answers);
        _time.Advance(MeteredProbe.Interval);
        await BrokenAsync(probe);
        Assert.Null(await BrokenAsync(probe));
        Assert.Empty(answers);
    }

    [Fact]
    public async Task What_a_limit_is_set_for_and_can_not_be_measured_counts_as_broken()
    {
        foreach (var file in new[] { "stat", "meminfo", "loadavg" })
        {
            _machine.Remove(file);
        }

        Assert.Contains("can't be measured", await BrokenAsync(new CpuProbe(50, _machine.Files, _time)), StringComparison.Ordinal);
        Assert.Contains("can't be measured", await BrokenAsync(new MemoryProbe(1, _machine.Files)), StringComparison.Ordinal);
        Assert.Contains("can't be measured", await BrokenAsync(new LoadProbe(1, _machine.Files)), StringComparison.Ordinal);
        Assert.Contains("can't be measured", await BrokenAsync(new DiskProbe(1, "/nowhere/at/all")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_of_training_is_kept_over_a_restart_and_ends_at_local_midnight()
    {
        DailyTraining Started() => new(30, _machine.Folder, "Europe/Zurich", _time);
        var daily = Started();
        await daily.AddAsync(TimeSpan.FromMinutes(29), CancellationToken.None);
        Assert.Null(await BrokenAsync(daily));
        await daily.AddAsync(TimeSpan.FromSeconds(59), CancellationToken.None);
        await daily.AddAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        Assert.Equal("the 30 minutes of training of today are used up", await BrokenAsync(daily));
        await daily.WriteAsync(CancellationToken.None);
        Assert.Equal(TimeSpan.FromMinutes(30), Started().Today);
        Assert.NotNull(await BrokenAsync(Started()));

        // In Zurich the day ends at 22:00 UTC in summer.
        _time.Advance(new TimeSpan(9, 59, 59));
        Assert.NotNull(await BrokenAsync(Started()));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await BrokenAsync(Started()));
        Assert.Null(await BrokenAsync(daily));
    }

    [Fact]
    public async Task This_machine_can_be_measured()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc here.");
        var files = new MachineFiles();
        Assert.Null(await BrokenAsync(new CpuProbe(100, files, TimeProvider.System)));
        Assert.Null(await BrokenAsync(new MemoryProbe(1, files)));
        Assert.Null(await BrokenAsync(new LoadProbe(1000, files)));
    }

    private static async Task<string?> BrokenAsync(ILimitProbe probe) => await probe.BrokenAsync(TestContext.Current.CancellationToken);

    private async Task<string?> MeasureAsync(CpuProbe probe, Action meanwhile)
    {
        var measured = probe.BrokenAsync(TestContext.Current.CancellationToken);
        meanwhile();
        _time.Advance(CpuProbe.Span);
        return await measured;
    }
}
