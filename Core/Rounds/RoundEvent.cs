using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>What can happen to a round. Events carry the attempt (and epoch) they belong to, so that a stale one is recognised.</summary>
public abstract record RoundEvent
{
    private RoundEvent()
    {
    }

    /// <summary>The run begins an attempt with these hospitals invited.</summary>
    public sealed record Begin(
        string Run,
        int Round,
        int Attempt,
        ResolvedRoundOptions Options,
        ContentDigest PlanDigest,
        ContentDigest BaseModel,
        ImmutableArray<string> Hospitals,
        ServerState? BaseState = null) : RoundEvent;

    /// <summary>A hospital accepts its invitation.</summary>
    public sealed record Accepted(string Hospital, int Attempt) : RoundEvent;

    /// <summary>A hospital declines its invitation.</summary>
    public sealed record Declined(string Hospital, int Attempt, string Reason) : RoundEvent;

    /// <summary>A hospital has moved bytes or made steps.</summary>
    public sealed record Progress(string Hospital, int Attempt) : RoundEvent;

    /// <summary>A hospital's update is staged whole and has passed every check.</summary>
    public sealed record UpdateAccepted(int Attempt, long Epoch, ParticipantUpdate Update) : RoundEvent;

    /// <summary>A hospital can't give an update in this attempt.</summary>
    public sealed record UpdateRefused(string Hospital, int Attempt, string Reason) : RoundEvent;

    /// <summary>A hospital's lease has run out.</summary>
    public sealed record HospitalLost(string Hospital) : RoundEvent;

    /// <summary>A lost hospital is heard of again.</summary>
    public sealed record HospitalBack(string Hospital) : RoundEvent;

    /// <summary>Time has passed: whatever is due at <c>now</c> happens.</summary>
    public sealed record PhaseDeadline : RoundEvent;

    /// <summary>The coordinator is at work: what its stored state can be read back with after an outage.</summary>
    public sealed record Alive : RoundEvent;

    /// <summary>The coordinator is at work again after it was not, for as long as its stored state tells.</summary>
    public sealed record Woken : RoundEvent;

    /// <summary>The clock of the coordinator at work was set, by so much: no time has passed.</summary>
    public sealed record ClockSet(TimeSpan By) : RoundEvent;

    /// <summary>An aggregator has opened the epoch.</summary>
    public sealed record AggregatorOpened(long Epoch, Guid Nonce, Guid Incarnation) : RoundEvent;

    /// <summary>The aggregator of the epoch is gone, or another activation stands in its place.</summary>
    public sealed record AggregatorLost(long Epoch) : RoundEvent;

    /// <summary>The aggregator has made and stored a model from this set.</summary>
    public sealed record AggregateReady(
        long Epoch, ImmutableArray<ParticipantUpdate> Updates, ContentDigest NewModel, ServerState? NewState = null) : RoundEvent;

    /// <summary>The operator asks to close the round with the reports that are in.</summary>
    public sealed record CloseRequested(int Attempt) : RoundEvent;

    /// <summary>The operator asks to give the attempt up.</summary>
    public sealed record CancelRequested(int Attempt, string Reason) : RoundEvent;

    /// <summary>The run's stored decision about an attempt: which attempt it committed in this round, or none.</summary>
    public sealed record Decided(int Attempt, bool Committed) : RoundEvent;
}
