using System.Collections.Immutable;

namespace FederatedOrleans.Availability;

/// <summary>Whom an attempt can count on now, or when it is worth beginning.</summary>
public sealed record SelectionTiming
{
    /// <summary>The shortest time that an attempt is taken to last: 1 minute.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>The longest time that hospitals are asked to be open together for: 1 hour. What takes longer goes on in their next windows.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Hospitals that are open, or open within the selection window, long enough; in the order in which they were given.</summary>
    public required ImmutableArray<string> Open { get; init; }

    /// <summary>Whether they are enough, so that the attempt may begin now.</summary>
    public required bool MayBegin { get; init; }

    /// <summary>Where it may not: when enough hospitals are open together again; null where there is no such time within <see cref="Rendezvous.Horizon"/>.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>How many can begin then.</summary>
    public int OpenThen { get; init; }

    /// <summary>Looks at the calendars.</summary>
    /// <param name="hospitals">Ids of the hospitals that may take part, each with its calendar; null for one that is always open.</param>
    /// <param name="minimum">Hospitals without which an attempt makes no model, at least 1.</param>
    /// <param name="now">Now.</param>
    /// <param name="window">How long an attempt waits for answers.</param>
    /// <param name="expected">
    /// How long an attempt will take, as far as is known; taken as <see cref="Shortest"/> to <see cref="Longest"/>. Where hospitals are never
    /// open together for so long, the shortest time has to do.
    /// </param>
    public static SelectionTiming For(
        IReadOnlyCollection<(string Hospital, WeeklyAvailability? Calendar)> hospitals,
        int minimum,
        DateTimeOffset now,
        TimeSpan window,
        TimeSpan expected)
    {
        ArgumentNullException.ThrowIfNull(hospitals);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimum, 1);
        var wanted = expected < Shortest ? Shortest : expected > Longest ? Longest : expected;
        var timing = Look(hospitals, minimum, now, window, wanted);
        return timing.MayBegin || timing.Next is not null || wanted == Shortest ? timing : Look(hospitals, minimum, now, window, Shortest);
    }

    private static SelectionTiming Look(
        IReadOnlyCollection<(string Hospital, WeeklyAvailability? Calendar)> hospitals,
        int minimum,
        DateTimeOffset now,
        TimeSpan window,
        TimeSpan duration)
    {
        ImmutableArray<string> OpenWithin(DateTimeOffset from, TimeSpan span) =>
        [
            .. hospitals.Where(hospital => Rendezvous.CanBegin(hospital.Calendar, from, from + span, duration)).Select(hospital => hospital.Hospital),
        ];

        var open = OpenWithin(now, window);
        var mayBegin = open.Length >= minimum;
        var next = mayBegin ? null : Rendezvous.Next([.. hospitals.Select(hospital => hospital.Calendar)], minimum, now, duration);
        return new()
        {
            Open = open,
            MayBegin = mayBegin,
            Next = next,
            OpenThen = next is { } then ? OpenWithin(then, TimeSpan.Zero).Length : 0,
        };
    }
}
