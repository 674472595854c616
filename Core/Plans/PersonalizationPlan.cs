namespace FederatedOrleans.Plans;

/// <summary>How each hospital comes to a model of its own, which is evaluated beside the global one.</summary>
public sealed record PersonalizationPlan
{
    /// <summary><c>fine-tune</c> or <c>ditto</c>: see <see cref="Personalization.Personalizations"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Step size, above 0 and at most 100; that of the plan's training where absent.</summary>
    public double? LearningRate { get; init; }

    /// <summary>SGD steps, 1 to 1,000,000; as many as in the plan's training where neither this nor <see cref="Epochs"/> is given.</summary>
    public int? Steps { get; init; }

    /// <summary>Passes over the hospital's rows, 1 to 10,000.</summary>
    public int? Epochs { get; init; }

    /// <summary>lambda of <c>ditto</c>, 0 to 1,000: how near v is held to the global model. 0 is a model of the hospital alone.</summary>
    public double Lambda { get; init; }
}
