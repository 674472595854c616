using FederatedOrleans.Data;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>What is the participant's own across the rounds of a run. It never leaves the site.</summary>
[GenerateSerializer, Immutable, Alias("fo.site.ParticipantMemory")]
internal sealed record ParticipantMemory
{
    /// <summary>Before the first round.</summary>
    public static ParticipantMemory Fresh { get; } = new();

    /// <summary>Position in the training rows.</summary>
    [Id(0)] public DataIteratorState Iterator { get; init; } = DataIteratorState.Start;

    /// <summary>The transformation fitted in the first round; absent before it.</summary>
    [Id(1)] public Standardization? Standardization { get; init; }

    /// <summary>What the encoding of the included updates has lost; absent where nothing was, or can be.</summary>
    [Id(2)] public VectorEntry? Residual { get; init; }

    /// <summary>SCAFFOLD's control variate of this hospital, as the included updates have left it; absent where it is zero still.</summary>
    [Id(3)] public VectorEntry? Control { get; init; }

    /// <summary>The hospital's own model, as the included updates have left it; absent where the plan has none, or it is not trained yet.</summary>
    [Id(4)] public VectorEntry? Personal { get; init; }

    /// <summary>Position in the training rows of the training of that model.</summary>
    [Id(5)] public DataIteratorState PersonalIterator { get; init; } = DataIteratorState.Start;
}
