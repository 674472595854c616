namespace FederatedOrleans.Optimizers;

/// <summary>How the aggregate of a round moves the global model. A policy that a plan picks by name.</summary>
/// <remarks>
/// What an optimizer keeps between rounds are moments: vectors as long as the model, all zero before the first round. They are moved first,
/// each by itself, and the model after them by what they have become, so that neither need be in memory whole. Both may be done in parts of
/// any lengths, in any order: the bits are the same.
/// </remarks>
public interface IServerOptimizer
{
    /// <summary>The name a plan gives it.</summary>
    string Name { get; }

    /// <summary>Vectors that it keeps between rounds, 0 or more.</summary>
    int Moments { get; }

    /// <summary>Moves a part of a moment, in place.</summary>
    /// <param name="moment">Which, from 0.</param>
    /// <param name="aggregate">The same part of the aggregate D of the updates y_k - x.</param>
    /// <param name="values">The part of the moment as the round before left it; afterwards as this one does.</param>
    /// <exception cref="ArgumentException">The parts have other lengths.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such moment.</exception>
    void MovePart(int moment, ReadOnlySpan<float> aggregate, Span<float> values);

    /// <summary>Makes a part of the next model, in place: the aggregate of a large model need not be in memory beside it.</summary>
    /// <param name="model">A part of the model x that the round started from.</param>
    /// <param name="aggregate">The same part of the aggregate D of the updates y_k - x; afterwards that of the next model.</param>
    /// <param name="moments">The same part of each moment as <see cref="MovePart"/> has left it, one after the other.</param>
    /// <exception cref="ArgumentException">The parts have other lengths.</exception>
    void StepPart(ReadOnlySpan<float> model, Span<float> aggregate, ReadOnlySpan<float> moments);
}
