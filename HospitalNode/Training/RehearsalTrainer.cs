using FederatedOrleans.Models;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Training;

/// <summary>Trains nothing: an update of made-up values, the same for the same plan and hospital, without looking at a record.</summary>
/// <remarks>A pattern of made-up values is repeated, so that a large update costs no more than its memory; it does not compress to nothing.</remarks>
internal sealed class RehearsalTrainer : ITrainer
{
    private const int Pattern = 8192;
    private const double Size = 1e-3;

    /// <inheritdoc/>
    public TrainingResult Train(TrainingRequest request, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var random = SeededRandom.For("rehearsal", request.Plan.Seed, request.Hospital);
        var values = GC.AllocateUninitializedArray<float>(request.Model.Length);
        var pattern = values.AsSpan(0, Math.Min(Pattern, values.Length));
        foreach (ref var value in pattern)
        {
            value = (float)((random.NextDouble() - 0.5) * Size);
        }

        for (var start = Pattern; start < values.Length; start += Pattern)
        {
            pattern[..Math.Min(Pattern, values.Length - start)].CopyTo(values.AsSpan(start));
        }

        progress?.Report(new TrainingProgress(1, 1));
        return new TrainingResult
        {
            Update = new ParameterVector(values),
            NumExamples = Math.Max(1, request.Data.Train.Count),
            Next = request.Iterator,
            MeanLoss = 0,
        };
    }
}
