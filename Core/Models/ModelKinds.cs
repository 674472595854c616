using System.Collections.Immutable;

namespace FederatedOrleans.Models;

/// <summary>The kinds of model a plan may name.</summary>
public static class ModelKinds
{
    /// <summary>Binary logistic regression: p = 1 / (1 + exp(-(w.x + b))).</summary>
    public const string LogisticRegression = "logistic-regression";

    /// <summary>Softmax regression over the classes of a categorical label: p_k proportional to exp(w_k.x + b_k).</summary>
    public const string SoftmaxRegression = "softmax-regression";

    /// <summary>Linear regression of a numeric label: y = w.x + b.</summary>
    public const string LinearRegression = "linear-regression";

    /// <summary>A multilayer perceptron: hidden layers of the plan's sizes, then one output for a binary or numeric label, or one a class.</summary>
    public const string MultilayerPerceptron = "mlp";

    /// <summary>A convolutional network on images: the layers of the plan, then one output for a binary or numeric label, or one a class.</summary>
    public const string ConvolutionalNetwork = "cnn";

    /// <summary>Trees by gradient boosting at each hospital, side by side: the mean of the hospitals' probabilities. See <see cref="TreeLayout"/>.</summary>
    public const string TreeEnsemble = "tree-ensemble";

    /// <summary>
    /// No model: as many parameters as the plan says, moved by made-up amounts. It rehearses a study, its links, its round times and its
    /// memory, without touching a record.
    /// </summary>
    public const string Rehearsal = "rehearsal";

    /// <summary>No model: what a round of statistics counts. No plan names it; a plan with preprocessing begins with it.</summary>
    public const string Statistics = "statistics";

    /// <summary>Every kind that a plan may name.</summary>
    public static ImmutableArray<string> Names { get; } =
        [LogisticRegression, SoftmaxRegression, LinearRegression, MultilayerPerceptron, ConvolutionalNetwork, TreeEnsemble, Rehearsal];

    /// <summary>Whether a model of this kind must not start from zeros: all units of a layer would stay alike.</summary>
    public static bool HasHiddenUnits(string kind) => kind is MultilayerPerceptron or ConvolutionalNetwork;

    /// <summary>Whether hospitals train a model of this kind step by step along a gradient, which a local objective can correct.</summary>
    public static bool IsTrainedByGradient(string kind) => kind is not (Rehearsal or TreeEnsemble or Statistics);

    /// <summary>Whether hospitals can measure how good a model of this kind is.</summary>
    public static bool IsEvaluated(string kind) => kind is not (Rehearsal or Statistics);
}
