using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FederatedOrleans.Models;

namespace FederatedOrleans.Training;

/// <summary>The trees of one hospital: see <see cref="TreeLayout"/>. Immutable.</summary>
internal sealed class HospitalTrees
{
    // As of any update: no hospital may weigh itself heavier.
    private const float MostRows = 1e9f;

    private readonly double _slope;
    private readonly double _bias;
    private readonly ImmutableArray<Tree> _trees;

    private HospitalTrees(double rows, double slope, double bias, ImmutableArray<Tree> trees) =>
        (Rows, _slope, _bias, _trees) = (rows, slope, bias, trees);

    /// <summary>Training rows.</summary>
    public double Rows { get; }

    /// <summary>Reads a hospital's part of a model; null where there is nothing in it, or where it holds no trees.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="part">The part.</param>
    /// <param name="inputs">Inputs of a row.</param>
    public static HospitalTrees? Read(TreeLayout layout, ReadOnlySpan<float> part, int inputs)
    {
        if (!(part[0] is >= 1 and <= MostRows) || !float.IsFinite(part[1]) || !float.IsFinite(part[2]))
        {
            return null;
        }

        var trees = ImmutableArray.CreateBuilder<Tree>(layout.Trees);
        for (var tree = 0; tree < layout.Trees; tree++)
        {
            var size = Whole(part[TreeLayout.SizesAt + tree], 0, layout.Nodes);
            var nodes = part.Slice(layout.NodesAt + (tree * layout.Nodes * TreeLayout.NodeWidth), layout.Nodes * TreeLayout.NodeWidth);
            var leaves = part.Slice(layout.LeavesAt + (tree * layout.Leaves), layout.Leaves);
            if (size is not { } count || Tree.Read(nodes[..(count * TreeLayout.NodeWidth)], leaves[..(count + 1)], inputs) is not { } read)
            {
                return null;
            }

            trees.Add(read);
        }

        return new(part[0], part[1], part[2], trees.ToImmutable());
    }

    /// <summary>The probability of the positive label that these trees give.</summary>
    public double Probability(ReadOnlySpan<float> row)
    {
        var margin = _bias;
        foreach (var tree in _trees)
        {
            margin += tree.LeafOf(row);
        }

        return LogisticRegression.Probability(-_slope * margin);
    }

    /// <summary>A whole number of a part, or null where it is none or outside its bounds.</summary>
    internal static int? Whole(float value, int least, int most) =>
        value >= least && value <= most && value == MathF.Truncate(value) ? (int)value : null;

    /// <summary>One tree.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Tree(ImmutableArray<TreeNode> Nodes, ImmutableArray<float> Leaves)
    {
        public static Tree? Read(ReadOnlySpan<float> nodes, ReadOnlySpan<float> leaves, int inputs)
        {
            var read = ImmutableArray.CreateBuilder<TreeNode>(nodes.Length / TreeLayout.NodeWidth);
            var count = nodes.Length / TreeLayout.NodeWidth;
            for (var node = 0; node < count; node++)
            {
                var values = nodes.Slice(node * TreeLayout.NodeWidth, TreeLayout.NodeWidth);

                // Ways lead to later nodes only, so that every walk ends.
                if (Whole(values[0], 0, inputs - 1) is not { } input
                    || WayOf(values[2], node, count) is not { } atMost
                    || WayOf(values[3], node, count) is not { } above)
                {
                    return null;
                }

                read.Add(new(input, values[1], atMost, above));
            }

            return TensorPrimitives.IsFiniteAll(leaves) ? new(read.MoveToImmutable(), [.. leaves]) : null;
        }

        public float LeafOf(ReadOnlySpan<float> row)
        {
            if (Nodes.IsEmpty)
            {
                return Leaves[0];
            }

            var node = 0;
            while (node >= 0)
            {
                var at = Nodes[node];
                node = row[at.Input] <= at.Threshold ? at.AtMost : at.Above;
            }

            return Leaves[~node];
        }

        private static int? WayOf(float value, int node, int count) =>
            Whole(value, -count - 1, count - 1) is { } way && (way < 0 || way > node) ? way : null;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct TreeNode(int Input, float Threshold, int AtMost, int Above);
}
