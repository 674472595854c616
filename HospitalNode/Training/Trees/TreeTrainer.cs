using System.Numerics.Tensors;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Randomness;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace FederatedOrleans.Training;

/// <summary>Grows this hospital's trees once and puts them into its part of the ensemble; where they are there already, it adds nothing.</summary>
/// <remarks>
/// Gradient boosting by FastTree (Friedman, "Greedy Function Approximation: A Gradient Boosting Machine", Annals of Statistics 2001), one thread, the same bits
/// for the same rows. It can be stopped while it reads the rows, but not between two trees: a training that is to pause does so before its first.
/// What leaves the hospital holds thresholds that are values of its rows: the owner approves this kind of model apart.
/// </remarks>
internal sealed class TreeTrainer : ITrainer
{
    private const double LeastProbability = 1e-15;

    /// <inheritdoc/>
    public TrainingResult Train(TrainingRequest request, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var layout = TreeLayout.Of(request.Plan);
        var update = new float[ModelSchema.For(request.Plan).Length];
        var part = layout.PartOf(request.Hospital);
        var rows = request.Data.Train;
        request.Gate?.Pass(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var own = update.AsSpan(part.Start, part.Length);
        var isThere = request.Model.Span[part.Start] != 0;
        if (!isThere)
        {
            Grow(request, layout, own, cancellationToken);
        }

        progress?.Report(new(1, 1));
        return new()
        {
            Update = new(update),
            NumExamples = rows.Count,
            Next = request.Iterator,
            MeanLoss = LossOf(layout, isThere ? request.Model.Span.Slice(part.Start, part.Length) : own, rows, cancellationToken),
        };
    }

    private static void Grow(TrainingRequest request, TreeLayout layout, Span<float> part, CancellationToken cancellationToken)
    {
        var rows = request.Data.Train;
        var context = new MLContext(seed: SeededRandom.For("trees", request.Plan.Seed, request.Hospital).NextInt32(int.MaxValue));
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.InputCount);
        var view = context.Data.LoadFromEnumerable(Examples(rows, cancellationToken), schema);
        var fitted = context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
        {
            NumberOfTrees = layout.Trees,
            NumberOfLeaves = layout.Leaves,
            MinimumExampleCountPerLeaf = request.Plan.Model.LeafRows!.Value,
            LearningRate = request.Plan.Training.LearningRate,
            NumberOfThreads = 1,
        }).Fit(view);
        cancellationToken.ThrowIfCancellationRequested();
        var trees = fitted.Model.SubModel.TrainedTreeEnsemble;
        part[0] = rows.Count;
        part[1] = (float)((PlattCalibrator)fitted.Model.Calibrator).Slope;
        part[2] = (float)trees.Bias;
        for (var tree = 0; tree < trees.Trees.Count; tree++)
        {
            Write(trees.Trees[tree], trees.TreeWeights[tree], layout, tree, part);
        }
    }

    private static void Write(RegressionTree tree, double weight, TreeLayout layout, int place, Span<float> part)
    {
        part[TreeLayout.SizesAt + place] = tree.NumberOfNodes;
        var nodes = part.Slice(layout.NodesAt + (place * layout.Nodes * TreeLayout.NodeWidth), layout.Nodes * TreeLayout.NodeWidth);
        for (var node = 0; node < tree.NumberOfNodes; node++)
        {
            var values = nodes.Slice(node * TreeLayout.NodeWidth, TreeLayout.NodeWidth);
            values[0] = tree.NumericalSplitFeatureIndexes[node];
            values[1] = tree.NumericalSplitThresholds[node];
            values[2] = tree.LeftChild[node];
            values[3] = tree.RightChild[node];
        }

        var leaves = part.Slice(layout.LeavesAt + (place * layout.Leaves), layout.Leaves);
        for (var leaf = 0; leaf < tree.LeafValues.Count; leaf++)
        {
            leaves[leaf] = (float)(weight * tree.LeafValues[leaf]);
        }
    }

    private static IEnumerable<Example> Examples(PreparedRows rows, CancellationToken cancellationToken)
    {
        // One object for all rows: whoever enumerates copies what it needs.
        var reader = rows.Open();
        var example = new Example { Features = new float[rows.InputCount] };
        for (var row = 0; row < rows.Count; row++)
        {
            TensorPrimitives.ConvertTruncating(reader.Row(row), example.Features);
            cancellationToken.ThrowIfCancellationRequested();
            example.Label = rows.Label(row) > 0.5;
            yield return example;
        }
    }

    private static double LossOf(TreeLayout layout, ReadOnlySpan<float> part, PreparedRows rows, CancellationToken cancellationToken)
    {
        if (HospitalTrees.Read(layout, part, rows.InputCount) is not { } trees)
        {
            throw new InvalidOperationException("The trees that were grown cannot be read back.");
        }

        var reader = rows.Open();
        var inputs = new float[rows.InputCount];
        var loss = 0.0;
        for (var row = 0; row < rows.Count; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TensorPrimitives.ConvertTruncating(reader.Row(row), inputs);
            var probability = trees.Probability(inputs);
            loss -= Math.Log(Math.Max(rows.Label(row) > 0.5 ? probability : 1 - probability, LeastProbability));
        }

        return loss / rows.Count;
    }

    private sealed class Example
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
