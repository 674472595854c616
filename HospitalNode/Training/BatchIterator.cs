using System.Globalization;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Training;

/// <summary>Cuts pass after pass of the training rows into batches; the last batch of a pass may be short. Not safe for concurrent use.</summary>
internal sealed class BatchIterator
{
    private readonly TrainingPlan _plan;
    private readonly string _hospital;
    private readonly int[] _order;
    private long _pass;
    private int _position;

    public BatchIterator(TrainingPlan plan, string hospital, int rows, DataIteratorState state)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (!state.Fits(rows))
        {
            throw new ArgumentException($"The iterator does not fit {rows:N0} rows: the dataset changed since it was stored.", nameof(state));
        }

        (_plan, _hospital, _pass, _position) = (plan, hospital, state.Pass, state.Position);
        _order = new int[rows];
        Arrange();
    }

    /// <summary>Where the next batch starts.</summary>
    public DataIteratorState State => new() { Pass = _pass, Position = _position };

    /// <summary>The rows of the next batch. Valid until the next call.</summary>
    public ReadOnlySpan<int> Next()
    {
        if (_position == _order.Length)
        {
            _pass++;
            _position = 0;
            Arrange();
        }

        var batch = _order.AsSpan(_position, Math.Min(_plan.Training.BatchSize, _order.Length - _position));
        _position += batch.Length;
        return batch;
    }

    // From the row order each time: the permutation of a pass does not depend on the passes before it.
    private void Arrange()
    {
        for (var row = 0; row < _order.Length; row++)
        {
            _order[row] = row;
        }

        if (_plan.Training.Shuffle)
        {
            SeededRandom.For("shuffle", _plan.Seed, _hospital, _pass.ToString(CultureInfo.InvariantCulture)).Shuffle(_order.AsSpan());
        }
    }
}
