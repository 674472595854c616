using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>What the site stores of one run, in one row: one write is one transaction.</summary>
[GenerateSerializer, Immutable, Alias("fo.site.ParticipantState")]
internal sealed record ParticipantState
{
    /// <summary>The highest round that is settled here.</summary>
    [Id(0)] public int SettledRound { get; init; }

    /// <summary>The highest attempt at it that is settled here.</summary>
    [Id(1)] public int SettledAttempt { get; init; }

    /// <summary>The attempt that is being worked on.</summary>
    [Id(2)] public AttemptId? Accepted { get; init; }

    /// <summary>The update that awaits its outcome.</summary>
    [Id(3)] public OutboxEntry? Outbox { get; init; }

    /// <summary>What the included updates have left.</summary>
    [Id(4)] public ParticipantMemory Memory { get; init; } = ParticipantMemory.Fresh;

    /// <summary>Whether an attempt lies above everything settled here.</summary>
    public bool IsNew(AttemptId id) => (id.Round, id.Attempt).CompareTo((SettledRound, SettledAttempt)) > 0;

    /// <summary>The state with an attempt settled.</summary>
    public ParticipantState Settled(AttemptId id) => this with
    {
        Accepted = Accepted == id ? null : Accepted,
        SettledRound = IsNew(id) ? id.Round : SettledRound,
        SettledAttempt = IsNew(id) ? id.Attempt : SettledAttempt,
    };
}
