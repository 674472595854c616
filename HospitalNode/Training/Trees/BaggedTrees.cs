using System.Collections.Immutable;
using FederatedOrleans.Models;

namespace FederatedOrleans.Training;

/// <summary>The trees of all hospitals of an ensemble: the mean of the hospitals' probabilities, weighted by their training rows.</summary>
/// <remarks>
/// Probabilities are averaged, not margins: a hospital with one class only has trees of one constant leaf, whose large margin would drown all others.
/// Immutable; safe to share between threads.
/// </remarks>
internal sealed class BaggedTrees
{
    private const double Undecided = 0.5;

    private readonly ImmutableArray<HospitalTrees> _hospitals;
    private readonly double _rows;

    private BaggedTrees(ImmutableArray<HospitalTrees> hospitals) => (_hospitals, _rows) = (hospitals, hospitals.Sum(trees => trees.Rows));

    /// <summary>Hospitals whose trees are in it.</summary>
    public int Count => _hospitals.Length;

    /// <summary>Reads the trees of a model. A hospital whose part is empty, or holds what are no trees over these inputs, has no say.</summary>
    /// <param name="layout">Where they lie.</param>
    /// <param name="model">The model.</param>
    /// <param name="inputs">Inputs of a row.</param>
    public static BaggedTrees Read(TreeLayout layout, ReadOnlySpan<float> model, int inputs)
    {
        var hospitals = ImmutableArray.CreateBuilder<HospitalTrees>();
        foreach (var hospital in layout.Hospitals)
        {
            var part = layout.PartOf(hospital);
            if (HospitalTrees.Read(layout, model.Slice(part.Start, part.Length), inputs) is { } trees)
            {
                hospitals.Add(trees);
            }
        }

        return new(hospitals.ToImmutable());
    }

    /// <summary>The probability of the positive label; one half where no hospital has a say.</summary>
    public double Probability(ReadOnlySpan<float> row)
    {
        if (_hospitals.IsEmpty)
        {
            return Undecided;
        }

        var sum = 0.0;
        foreach (var trees in _hospitals)
        {
            sum += trees.Rows * trees.Probability(row);
        }

        // Rounding may carry it past its bounds.
        return Math.Clamp(sum / _rows, 0, 1);
    }
}
