using System.Diagnostics.Metrics;

namespace FederatedOrleans.Observing;

/// <summary>The centre's metrics: the only file that names them. No tag names a record, a label or an update's content.</summary>
public sealed class FederationMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "FederatedOrleans";

    private readonly Counter<long> _roundsCommitted;
    private readonly Counter<long> _attemptsAbandoned;
    private readonly Counter<long> _updatesCounted;
    private readonly Counter<long> _updatesRefused;
    private readonly Counter<long> _bytesStaged;
    private readonly Counter<long> _epochsLost;
    private readonly Counter<long> _hospitalsLost;
    private readonly Counter<long> _modelsHeld;
    private readonly Counter<long> _blobsStored;
    private readonly Histogram<double> _roundDuration;

    /// <summary>Creates the instruments.</summary>
    public FederationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _roundsCommitted = meter.CreateCounter<long>("fo.rounds.committed", "{round}", "Rounds committed.");
        _attemptsAbandoned = meter.CreateCounter<long>("fo.attempts.abandoned", "{attempt}", "Attempts at a round abandoned.");
        _updatesCounted = meter.CreateCounter<long>("fo.updates.counted", "{update}", "Updates that count in an epoch.");
        _updatesRefused = meter.CreateCounter<long>("fo.updates.refused", "{update}", "Updates refused, by reason.");
        _bytesStaged = meter.CreateCounter<long>("fo.updates.bytes", "By", "Bytes of updates staged.");
        _epochsLost = meter.CreateCounter<long>("fo.epochs.lost", "{epoch}", "Aggregators lost.");
        _modelsHeld = meter.CreateCounter<long>("fo.models.held", "{model}", "Models of runs held back since they would do harm.");
        _blobsStored = meter.CreateCounter<long>("fo.blobs.stored", "{blob}", "Short models, plans and manifests stored, each by a commit.");
        _hospitalsLost = meter.CreateCounter<long>("fo.hospitals.lost", "{hospital}", "Leases that ran out in a round.");
        _roundDuration = meter.CreateHistogram<double>("fo.round.duration", "s", "Seconds from the beginning of an attempt to its commit.");
    }

    /// <summary>A short blob was stored by a commit of its own.</summary>
    public void BlobStored() => _blobsStored.Add(1);

    internal void RoundCommitted(TimeSpan duration)
    {
        _roundsCommitted.Add(1);
        _roundDuration.Record(duration.TotalSeconds);
    }

    internal void AttemptAbandoned() => _attemptsAbandoned.Add(1);

    internal void UpdateCounted() => _updatesCounted.Add(1);

    internal void UpdateRefused(string reason) => _updatesRefused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void Staged(long bytes) => _bytesStaged.Add(bytes);

    internal void EpochLost() => _epochsLost.Add(1);

    internal void ModelHeld() => _modelsHeld.Add(1);

    internal void HospitalLost() => _hospitalsLost.Add(1);
}
