using System.Collections.Immutable;

namespace FederatedOrleans.Plans;

/// <summary>The model and its start.</summary>
public sealed record ModelPlan
{
    /// <summary>The model's kind; <c>logistic-regression</c>, or <c>rehearsal</c>: see <see cref="Models.ModelKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>zeros</c>; <c>uniform</c>: seeded by the plan's seed, in +-1/sqrt(inputs); or <c>committed</c>.</summary>
    public string Initial { get; init; } = "zeros";

    /// <summary>The committed model to start from; present where <see cref="Initial"/> is <c>committed</c>, and only there.</summary>
    public ModelSource? From { get; init; }

    /// <summary>Sizes of a multilayer perceptron's hidden layers, the first next to the inputs: 1 to 8 of 1 to 4,096; empty for other kinds.</summary>
    public ImmutableArray<int> Hidden { get; init; } = [];

    /// <summary>What its hidden layers apply: see <see cref="Models.Activations"/>.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>Layers of a convolutional network without its outputs, the first next to the image: 1 to 64; empty for other kinds.</summary>
    public ImmutableArray<LayerPlan> Layers { get; init; } = [];

    /// <summary>Most trees of each hospital of a tree ensemble, 1 to 1,000; absent for other kinds.</summary>
    public int? Trees { get; init; }

    /// <summary>Most leaves of each of its trees, 2 to 256; absent for other kinds.</summary>
    public int? Leaves { get; init; }

    /// <summary>Fewest training rows of each of its leaves, 1 to 1,000,000; absent for other kinds.</summary>
    public int? LeafRows { get; init; }

    /// <summary>Number of parameters of a rehearsal, 1 to 250,000,000; absent for other kinds, whose data decide it.</summary>
    public int? Parameters { get; init; }
}
