using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using FederatedOrleans.Aggregation;

namespace FederatedOrleans.Bench.Kernels;

/// <summary>The weighted mean, a scalar loop for the same, and the two limits of this machine's memory.</summary>
public class WeightedMeanBenchmarks
{
    /// <summary>A last-level cache that is large today: an accumulator above it is counted as memory traffic.</summary>
    public const int CacheBytes = 32 << 20;

    private const int LimitLength = 50_000_000;
    private const int Chunk = 8192;

    private float[][] _updates = [];
    private float[] _a = [];
    private float[] _b = [];
    private float[] _scalar = [];

    /// <summary>100 MB of accumulator, beyond the caches; and 10 MB, within them.</summary>
    public static IEnumerable<Shape> Shapes => [new(10, 25_000_000), new(100, 2_500_000)];

    [ParamsSource(nameof(Shapes))]
    public Shape Shape { get; set; } = new(1, 1);

    /// <summary>Bytes that a benchmark counts.</summary>
    public static double BytesOf(string name, Shape shape) => name switch
    {
        nameof(ReadLimit) => (double)LimitLength * sizeof(float),
        nameof(UpdateLimit) => 3.0 * LimitLength * sizeof(float),
        _ => (double)shape.Updates * shape.Parameters * sizeof(float),
    };

    [GlobalSetup]
    public void Setup()
    {
        _a = Filled(LimitLength, 1);
        _b = Filled(LimitLength, 2);
        _scalar = new float[Shape.Parameters];
        _updates = [.. Enumerable.Range(0, Shape.Updates).Select(update => Filled(Shape.Parameters, update + 3))];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _updates = [];
        _a = _b = _scalar = [];
        GC.Collect();
    }

    [Benchmark]
    public float ReadLimit() => TensorPrimitives.Sum<float>(_a);

    [Benchmark]
    public void UpdateLimit()
    {
        for (var start = 0; start < LimitLength; start += Chunk)
        {
            var length = Math.Min(Chunk, LimitLength - start);
            var part = _a.AsSpan(start, length);
            TensorPrimitives.MultiplyAdd(_b.AsSpan(start, length), 1e-9f, part, part);
        }
    }

    [Benchmark]
    public int WeightedMean()
    {
        var accumulator = new WeightedMean().Begin(Shape.Parameters);
        for (var update = 0; update < _updates.Length; update++)
        {
            accumulator.Fold(_updates[update], update + 1);
        }

        return accumulator.Aggregate(Shape.Parameters).Length;
    }

    [Benchmark(Baseline = true)]
    public float Scalar()
    {
        var sum = _scalar;
        Array.Clear(sum);
        var total = 0.0;
        for (var update = 0; update < _updates.Length; update++)
        {
            var values = _updates[update];
            var weight = (float)(update + 1);
            total += weight;
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += weight * values[i];
            }
        }

        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = (float)(sum[i] / total);
        }

        return sum[0];
    }

    private static float[] Filled(int length, int seed)
    {
        var values = GC.AllocateUninitializedArray<float>(length);
        var state = (uint)seed;
        foreach (ref var value in values.AsSpan())
        {
            state = (state * 1664525) + 1013904223;
            value = (int)state * 1e-10f;
        }

        return values;
    }
}
