using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Models;

/// <summary>How the trees of each hospital lie in the vector of a bagged ensemble: a part of the same length for each, in ordinal order of their ids.</summary>
/// <remarks>
/// A part is <c>header</c> (training rows, 0 where the hospital has given no trees; slope of the calibration; bias of the margin), <c>sizes</c> (inner
/// nodes of each tree), <c>nodes</c> (for each inner node: the input it looks at, the threshold, and where to go if x is at most that, and where if
/// it is above: another node, or the leaf -1 - i) and <c>leaves</c> (values of each tree's leaves). A tree without inner nodes is its first leaf.
/// Margin z = bias + the sum of the leaves that a row falls into; the hospital's probability is 1 / (1 + exp(slope z)); the ensemble's the mean of the
/// hospitals' weighted by their training rows. Whole numbers of the format are exact in float32 up to 2^24.
/// </remarks>
public sealed class TreeLayout
{
    /// <summary>Values of a node.</summary>
    public const int NodeWidth = 4;

    /// <summary>Values of a header.</summary>
    public const int HeaderWidth = 3;

    private TreeLayout(ImmutableArray<string> hospitals, int trees, int leaves) => (Hospitals, Trees, Leaves) = (hospitals, trees, leaves);

    /// <summary>Hospitals in their order.</summary>
    public ImmutableArray<string> Hospitals { get; }

    /// <summary>Most trees of a hospital.</summary>
    public int Trees { get; }

    /// <summary>Most leaves of a tree, at least 2.</summary>
    public int Leaves { get; }

    /// <summary>Most inner nodes of a tree.</summary>
    public int Nodes => Leaves - 1;

    /// <summary>Index of the sizes in a part.</summary>
    public static int SizesAt => HeaderWidth;

    /// <summary>Index of the nodes in a part.</summary>
    public int NodesAt => SizesAt + Trees;

    /// <summary>Index of the leaves in a part.</summary>
    public int LeavesAt => NodesAt + (Trees * Nodes * NodeWidth);

    /// <summary>Values of a part.</summary>
    public int PartLength => checked(LeavesAt + (Trees * Leaves));

    /// <summary>The layout of a plan's ensemble.</summary>
    /// <exception cref="ArgumentException">The plan's model is no ensemble of trees.</exception>
    public static TreeLayout Of(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Model is { Trees: { } trees, Leaves: { } leaves }
            ? new([.. plan.Hospitals.Order(StringComparer.Ordinal)], trees, leaves)
            : throw new ArgumentException("The plan's model is no ensemble of trees.", nameof(plan));
    }

    /// <summary>The part of a hospital.</summary>
    /// <exception cref="ArgumentException">It is none of the plan's.</exception>
    public ModelPart PartOf(string hospital)
    {
        var place = Hospitals.BinarySearch(hospital, StringComparer.Ordinal);
        return place >= 0
            ? new(checked(place * PartLength), PartLength)
            : throw new ArgumentException($"{hospital} is no hospital of the plan.", nameof(hospital));
    }

    /// <summary>The tensors: those of each hospital's part, named <c>hospital.header</c> and so on.</summary>
    public ModelSchema Schema() => ModelSchema.Of(
    [
        .. Hospitals.SelectMany(hospital => new (string, ImmutableArray<int>)[]
        {
            ($"{hospital}.header", [HeaderWidth]),
            ($"{hospital}.sizes", [Trees]),
            ($"{hospital}.nodes", [Trees, Nodes, NodeWidth]),
            ($"{hospital}.leaves", [Trees, Leaves]),
        }),
    ]);
}
