namespace FederatedOrleans.Data;

/// <summary>Collects labels whose number is not known: a list that doubles would for a moment hold three times as many.</summary>
internal sealed class LabelCollector
{
    private const int BlockLength = 64 * 1024;

    private readonly Queue<float[]> _blocks = new();
    private float[] _last = [];
    private int _used;

    /// <summary>Labels so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a label.</summary>
    public void Add(float label)
    {
        if (_used == _last.Length)
        {
            _blocks.Enqueue(_last = new float[BlockLength]);
            _used = 0;
        }

        _last[_used++] = label;
        Count = checked(Count + 1);
    }

    /// <summary>The labels. The collector is spent.</summary>
    public float[] Finish()
    {
        var labels = new float[Count];
        for (var start = 0; start < labels.Length; start += BlockLength)
        {
            _blocks.Dequeue().AsSpan(0, Math.Min(BlockLength, labels.Length - start)).CopyTo(labels.AsSpan(start));
        }

        return labels;
    }
}
