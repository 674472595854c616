using System.Collections.Immutable;

namespace FederatedOrleans.Models;

/// <summary>What the hidden layers of a multilayer perceptron apply to their sums.</summary>
public static class Activations
{
    /// <summary>max(0, z).</summary>
    public const string Relu = "relu";

    /// <summary>tanh(z).</summary>
    public const string Tanh = "tanh";

    /// <summary>Every activation there is.</summary>
    public static ImmutableArray<string> Names { get; } = [Relu, Tanh];
}
