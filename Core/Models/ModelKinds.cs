using System.Collections.Immutable;

namespace FederatedOrleans.Models;

/// <summary>The kinds of model a plan may name.</summary>
public static class ModelKinds
{
    /// <summary>Binary logistic regression: p = 1 / (1 + exp(-(w.x + b))).</summary>
    public const string LogisticRegression = "logistic-regression";

    /// <summary>Every kind there is.</summary>
    public static ImmutableArray<string> Names { get; } = [LogisticRegression];
}
