using System.Collections.Immutable;
using FederatedOrleans.Availability;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Availability;

/// <summary>Whether this node may work now: by its calendar, and by the limits that its owner has set. Safe for concurrent use.</summary>
internal sealed class SiteAvailability : IDisposable
{
    /// <summary>How often a training's machine is looked at: 250 ms.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    private readonly ImmutableArray<ILimitProbe> _probes;
    private readonly DailyTraining? _daily;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _measuring = new(1, 1);

    /// <summary>An availability of these parts.</summary>
    /// <param name="calendar">When it is open; always when absent.</param>
    /// <param name="probes">The limits; the first that is broken is told.</param>
    /// <param name="time">The clock.</param>
    /// <param name="daily">Counts the training of a day; one of <paramref name="probes"/> too.</param>
    public SiteAvailability(WeeklyAvailability? calendar, ImmutableArray<ILimitProbe> probes, TimeProvider time, DailyTraining? daily = null) =>
        (Calendar, _probes, _time, _daily) = (calendar, probes, time, daily);

    /// <summary>When it is open; always when absent.</summary>
    public WeeklyAvailability? Calendar { get; }

    /// <summary>Most threads that a trainer may use; 1 by default, so that the same inputs give the same bits on every machine.</summary>
    public int MaxThreads { get; init; } = 1;

    /// <summary>How long until the calendar opens; null where it is open, or does not open within a year.</summary>
    public TimeSpan? OpensIn => Calendar is { } calendar && _time.GetUtcNow() is var now && !calendar.IsOpen(now) ? calendar.NextOpen(now) - now : null;

    /// <summary>One that is always open and has no limits.</summary>
    public static SiteAvailability Always(TimeProvider time) => new(null, [], time);

    /// <summary>The availability that a configuration asks for.</summary>
    /// <param name="options">What it asks for.</param>
    /// <param name="folder">The site's folder.</param>
    /// <param name="files">Where the operating system tells about the machine.</param>
    /// <param name="time">The clock.</param>
    public static SiteAvailability For(AvailabilityOptions options, string folder, MachineFiles files, TimeProvider time)
    {
        var daily = options.MaxMinutesPerDay is { } minutes ? new DailyTraining(minutes, folder, options.Calendar?.TimeZone ?? "UTC", time) : null;
        var probes = new ILimitProbe?[]
        {
            daily,
            options.RequireMains ? new MainsProbe(files) : null,
            options.AllowMetered ? null : new MeteredProbe(new NetworkManagerQuestion(time).AskAsync, time),
            options.MinFreeDisk is { } disk ? new DiskProbe(disk, folder) : null,
            options.MinFreeMemory is { } memory ? new MemoryProbe(memory, files) : null,
            options.MaxLoad is { } load ? new LoadProbe(load, files) : null,
            options.MaxCpuPercent is { } percent ? new CpuProbe(percent, files, time) : null,
        };
        return new(options.Calendar, [.. probes.OfType<ILimitProbe>()], time, daily)
        {
            MaxThreads = Math.Min(options.MaxThreads ?? 1, Environment.ProcessorCount),
        };
    }

    /// <summary>Whether to take something on that must be begun before a deadline.</summary>
    /// <returns><see cref="SiteRefusal.None"/>; a reason against it; or null where the node opens before the deadline, so that it is to be asked again.</returns>
    public async Task<SiteRefusal?> AskAsync(DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (Calendar is { } calendar && !calendar.IsOpen(now))
        {
            return calendar.NextOpen(now) <= deadline ? null : SiteRefusal.OutsideHours;
        }

        return await BrokenLimitAsync(cancellationToken) is null ? SiteRefusal.None : SiteRefusal.NoResources;
    }

    /// <summary>Trains, and holds the training up between two steps for as long as the node is closed or a limit is broken.</summary>
    /// <param name="train">The training: passes the gate before every step.</param>
    /// <param name="deadline">Until when an update is of use; it may move.</param>
    /// <param name="paused">Told why the training pauses, and null when it goes on.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="UnavailableException">The node does not become free before the deadline.</exception>
    public async Task<T> GuardAsync<T>(
        Func<PauseGate?, CancellationToken, Task<T>> train, Func<DateTimeOffset> deadline, Action<string?> paused, CancellationToken cancellationToken)
    {
        if (Calendar is null && _probes.IsEmpty)
        {
            return await train(null, cancellationToken);
        }

        using var gate = new PauseGate();
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        string? reason = null;

        // Looked at before the first step: nothing is begun on a machine that is not free.
        var first = await ObstacleAsync(cancellationToken);
        Hold(gate, first, paused);
        var watch = WatchAsync(gate, first, deadline, paused, ended.Token);
        var work = train(gate, givenUp.Token);
        try
        {
            if (await Task.WhenAny(work, watch) == watch)
            {
                reason = await watch;
                await givenUp.CancelAsync();
            }

            return await work;
        }
        catch (OperationCanceledException) when (reason is not null && !cancellationToken.IsCancellationRequested)
        {
            throw new UnavailableException(reason);
        }
        finally
        {
            await ended.CancelAsync();
            await givenUp.CancelAsync();
            await Task.WhenAll([work, watch]).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            paused(null);
            if (_daily is not null)
            {
                await KeepAsync(_daily);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _measuring.Dispose();

    /// <summary>Why a limit is broken now, or null.</summary>
    public async Task<string?> BrokenLimitAsync(CancellationToken cancellationToken)
    {
        if (_probes.IsEmpty)
        {
            return null;
        }

        await _measuring.WaitAsync(cancellationToken);
        try
        {
            foreach (var probe in _probes)
            {
                if (await probe.BrokenAsync(cancellationToken) is { } broken)
                {
                    return broken;
                }
            }

            return null;
        }
        finally
        {
            _measuring.Release();
        }
    }

    private static void Hold(PauseGate gate, string? obstacle, Action<string?> paused)
    {
        if (obstacle is null)
        {
            gate.Resume();
        }
        else
        {
            gate.Pause();
        }

        paused(obstacle);
    }

    private async Task<string?> ObstacleAsync(CancellationToken cancellationToken) =>
        Calendar?.IsOpen(_time.GetUtcNow()) == false ? "it is outside the hours of this node" : await BrokenLimitAsync(cancellationToken);

    private async Task CountAsync(DailyTraining daily, TimeSpan trained, CancellationToken cancellationToken)
    {
        await _measuring.WaitAsync(cancellationToken);
        try
        {
            await daily.AddAsync(trained, cancellationToken);
        }
        finally
        {
            _measuring.Release();
        }
    }

    private async Task KeepAsync(DailyTraining daily)
    {
        await _measuring.WaitAsync(CancellationToken.None);
        try
        {
            await daily.WriteAsync(CancellationToken.None);
        }
        finally
        {
            _measuring.Release();
        }
    }

    /// <summary>Looks until cancelled, or until the training is of no more use: then tells why.</summary>
    private async Task<string> WatchAsync(
        PauseGate gate, string? obstacle, Func<DateTimeOffset> deadline, Action<string?> paused, CancellationToken cancellationToken)
    {
        var at = _time.GetTimestamp();
        while (true)
        {
            var now = _time.GetUtcNow();
            if (obstacle is not null && now >= deadline())
            {
                return $"{obstacle}, until the deadline";
            }

            if (Calendar is { } calendar && !calendar.IsOpen(now) && !(calendar.NextOpen(now) <= deadline()))
            {
                return "this node is closed until after the deadline";
            }

            await Task.Delay(CheckInterval, _time, cancellationToken);
            if (_daily is not null)
            {
                var elapsed = _time.GetElapsedTime(at);
                at = _time.GetTimestamp();
                if (!gate.IsPaused)
                {
                    await CountAsync(_daily, elapsed, cancellationToken);
                }
            }

            var next = await ObstacleAsync(cancellationToken);
            if (next != obstacle)
            {
                obstacle = next;
                Hold(gate, obstacle, paused);
            }
        }
    }
}
