using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Preprocessing;

/// <summary>Sums as the vector that travels: the vectors of several hospitals added up are the vector of their sums.</summary>
/// <remarks>
/// Training rows; then each feature and the label: hospitals that withheld some of it, rows missing, rows with an undeclared level, rows with a number,
/// sum, squares, and the cells. Counts are <see cref="FixedPoint.CountWidth"/> values each, sums <see cref="FixedPoint.RealWidth"/>.
/// </remarks>
public static class SumsCodec
{
    private const int CountsOfFeature = 4;
    private const int RealsOfFeature = 2;

    /// <summary>Values of the vector of a plan.</summary>
    public static long LengthOf(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var schema = plan.Dataset.Schema;
        var cells = schema.Features.Zip(DatasetSums.PreprocessingOf(plan).Features)
            .Sum(pair => (long)(pair.First.Kind == FeatureKind.Numeric ? pair.Second.Bins : pair.First.Levels.Length));
        return FixedPoint.CountWidth
            + ((schema.Features.Length + 1L) * ((CountsOfFeature * FixedPoint.CountWidth) + (RealsOfFeature * FixedPoint.RealWidth)))
            + ((cells + schema.ClassCount) * FixedPoint.CountWidth);
    }

    /// <summary>The vector of sums.</summary>
    public static ParameterVector Encode(TrainingPlan plan, DatasetSums sums)
    {
        ArgumentNullException.ThrowIfNull(sums);
        var values = new float[LengthOf(plan)];
        var writer = new Writer(values);
        writer.Count(sums.Rows);
        foreach (var feature in sums.Features)
        {
            writer.Feature(feature);
        }

        writer.Feature(sums.Label);
        return new(values);
    }

    /// <summary>The sums of a vector. Counts that cannot be are read as none: one hospital's must not keep all others from being read.</summary>
    /// <exception cref="ArgumentException">The vector is not as long as one of the plan.</exception>
    public static DatasetSums Decode(TrainingPlan plan, ParameterVector vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (vector.Length != LengthOf(plan))
        {
            throw new ArgumentException($"The statistics have {vector.Length:N0} values, those of the plan {LengthOf(plan):N0}.", nameof(vector));
        }

        var sums = DatasetSums.Empty(plan);
        var reader = new Reader(vector.Span);
        sums.Rows = reader.Count();
        foreach (var feature in sums.Features)
        {
            reader.Feature(feature);
        }

        reader.Feature(sums.Label);
        return sums;
    }

    private ref struct Writer(Span<float> values)
    {
        private Span<float> _rest = values;

        public void Count(long count) => Write(count, FixedPoint.CountWidth);

        public void Feature(FeatureSums sums)
        {
            Count(sums.Withheld);
            Count(sums.Missing);
            Count(sums.Undeclared);
            Count(sums.Present);
            Write(sums.Sum, FixedPoint.RealWidth);
            Write(sums.Squares, FixedPoint.RealWidth);
            foreach (var cell in sums.Cells)
            {
                Count(cell);
            }
        }

        private void Write(Int128 number, int width)
        {
            FixedPoint.Write(number, _rest[..width]);
            _rest = _rest[width..];
        }
    }

    private ref struct Reader(ReadOnlySpan<float> values)
    {
        private ReadOnlySpan<float> _rest = values;

        public long Count() => (long)Int128.Clamp(Read(FixedPoint.CountWidth), 0, long.MaxValue);

        public void Feature(FeatureSums sums)
        {
            sums.Withheld = Count();
            sums.Missing = Count();
            sums.Undeclared = Count();
            sums.Present = Count();
            sums.Sum = Read(FixedPoint.RealWidth);
            sums.Squares = Read(FixedPoint.RealWidth);
            foreach (ref var cell in sums.Cells.AsSpan())
            {
                cell = Count();
            }
        }

        private Int128 Read(int width)
        {
            var number = FixedPoint.Read(_rest[..width]);
            _rest = _rest[width..];
            return number;
        }
    }
}
