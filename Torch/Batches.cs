using System.Numerics.Tensors;
using FederatedOrleans.Data;

namespace FederatedOrleans.Training;

/// <summary>Gathers the rows of a batch for libtorch.</summary>
internal static class Batches
{
    /// <summary>Writes rows one after the other as float32, and their labels.</summary>
    public static void Fill(PreparedRows rows, ReadOnlySpan<int> batch, Span<float> inputs, Span<float> labels)
    {
        for (var place = 0; place < batch.Length; place++)
        {
            TensorPrimitives.ConvertTruncating(rows.Row(batch[place]), inputs.Slice(place * rows.InputCount, rows.InputCount));
            labels[place] = (float)rows.Label(batch[place]);
        }
    }
}
