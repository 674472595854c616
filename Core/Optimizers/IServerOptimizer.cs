namespace FederatedOrleans.Optimizers;

/// <summary>How the aggregate of a round moves the global model. A policy that a plan picks by name.</summary>
public interface IServerOptimizer
{
    /// <summary>The name a plan gives it.</summary>
    string Name { get; }

    /// <summary>Makes a part of the next model, in place: the aggregate of a large model need not be in memory beside it.</summary>
    /// <remarks>A model may be made in parts of any lengths, in any order: the bits are the same.</remarks>
    /// <param name="model">A part of the model x that the round started from.</param>
    /// <param name="aggregate">The same part of the aggregate D of the updates y_k - x; afterwards that of the next model.</param>
    /// <exception cref="ArgumentException">The parts have other lengths.</exception>
    void StepPart(ReadOnlySpan<float> model, Span<float> aggregate);
}
