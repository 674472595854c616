namespace FederatedOrleans.Evaluation;

/// <summary>Collects probabilities and whether what they were given for happened, for the expected calibration error.</summary>
internal sealed class CalibrationBins
{
    private const int Bins = 10;

    private readonly (long Rows, double Given, long Happened)[] _bins = new (long, double, long)[Bins];
    private long _rows;

    /// <summary>Takes a probability, 0 to 1.</summary>
    public void Add(double probability, bool happened)
    {
        ref var bin = ref _bins[Math.Min((int)(probability * Bins), Bins - 1)];
        bin = (bin.Rows + 1, bin.Given + probability, bin.Happened + (happened ? 1 : 0));
        _rows++;
    }

    /// <summary>Sum over the bins of their share of the rows times |what happened - what was given|.</summary>
    public double Error() => _bins.Sum(bin => Math.Abs(bin.Happened - bin.Given)) / _rows;
}
