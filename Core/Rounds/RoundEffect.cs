using System.Collections.Immutable;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>What the coordinator must do for the state it has stored. Doing it again changes nothing.</summary>
public abstract record RoundEffect
{
    private RoundEffect()
    {
    }

    /// <summary>Give every hospital the assignment of the current phase, and wake it.</summary>
    public sealed record Offer : RoundEffect;

    /// <summary>Open the current epoch's aggregator.</summary>
    public sealed record OpenAggregator : RoundEffect;

    /// <summary>Aggregate the frozen set.</summary>
    public sealed record Fold(ImmutableArray<ParticipantUpdate> Frozen) : RoundEffect;

    /// <summary>Ask the run to commit the new model.</summary>
    public sealed record AskCommit : RoundEffect;

    /// <summary>Ask the run to abandon the attempt.</summary>
    public sealed record AskAbandon : RoundEffect;

    /// <summary>Withdraw assignments and let hospitals ask for the outcome.</summary>
    public sealed record TellOutcome : RoundEffect;
}
