using System.Globalization;
using System.Text.Json;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Site.Availability;

/// <summary>How long this node has trained today, kept in a file of the site's folder so that a restart forgets nothing.</summary>
/// <remarks>Written every <see cref="Interval"/> of training: a crash loses no more than that. Not safe for concurrent use.</remarks>
internal sealed class DailyTraining : ILimitProbe
{
    /// <summary>How much training may go unwritten: 10 s.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly int _mostMinutes;
    private readonly string _path;
    private readonly TimeZoneInfo _zone;
    private readonly TimeProvider _time;
    private DateOnly _date;
    private TimeSpan _trained;
    private TimeSpan _unwritten;

    /// <summary>Reads what an earlier process has left.</summary>
    /// <param name="mostMinutes">Minutes of training a day: 1 to 1,440.</param>
    /// <param name="folder">The site's folder.</param>
    /// <param name="timeZone">IANA id of the zone whose dates count.</param>
    /// <param name="time">The clock.</param>
    public DailyTraining(int mostMinutes, string folder, string timeZone, TimeProvider time)
    {
        (_mostMinutes, _path, _time) = (mostMinutes, Path.Combine(folder, "training-time.json"), time);
        _zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        if (Read() is { } left)
        {
            (_date, _trained) = (left.Date, TimeSpan.FromSeconds(left.Seconds));
        }
    }

    /// <summary>Training of today so far.</summary>
    public TimeSpan Today
    {
        get
        {
            Turn();
            return _trained;
        }
    }

    public ValueTask<string?> BrokenAsync(CancellationToken cancellationToken) => new(Today >= TimeSpan.FromMinutes(_mostMinutes)
        ? string.Create(CultureInfo.InvariantCulture, $"the {_mostMinutes:N0} minutes of training of today are used up")
        : null);

    /// <summary>Adds training that was done just now.</summary>
    public async Task AddAsync(TimeSpan trained, CancellationToken cancellationToken)
    {
        Turn();
        _trained += trained;
        _unwritten += trained;
        if (_unwritten >= Interval)
        {
            await WriteAsync(cancellationToken);
        }
    }

    /// <summary>Writes what is not written yet.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_unwritten == TimeSpan.Zero)
        {
            return;
        }

        _unwritten = TimeSpan.Zero;
        try
        {
            await DurableFile.WriteAsync(_path, JsonSerializer.SerializeToUtf8Bytes(new Entry(_date, _trained.TotalSeconds)), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk does not lift the limit for as long as this process lives.
        }
    }

    private void Turn()
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(_time.GetUtcNow(), _zone).DateTime);
        if (today != _date)
        {
            (_date, _trained) = (today, TimeSpan.Zero);
        }
    }

    private Entry? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(File.ReadAllBytes(_path)) is { Seconds: >= 0 and <= 86_400 } entry ? entry : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private sealed record Entry(DateOnly Date, double Seconds);
}
