using System.Collections.Concurrent;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation.Faults;

/// <summary>What the sites of one run have done, kept by the test where they keep nothing themselves.</summary>
internal sealed class SiteRecord
{
    private readonly ConcurrentDictionary<string, AttemptId> _accepted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Hospital, AttemptId Id), bool> _recorded = new();
    private readonly ConcurrentDictionary<(string Hospital, AttemptId Id), ContentDigest> _sent = new();
    private readonly ConcurrentDictionary<(string Hospital, ContentDigest Digest), ParameterVector> _updates = new();
    private readonly ConcurrentQueue<string> _violations = new();

    /// <summary>What must never be and was.</summary>
    public IEnumerable<string> Violations => _violations;

    /// <summary>Trainings begun, by hospital.</summary>
    public ConcurrentDictionary<string, int> Trainings { get; } = new(StringComparer.Ordinal);

    /// <summary>An update that a site has sent, or tried to.</summary>
    public ParameterVector? UpdateOf(string hospital, ContentDigest digest) => _updates.GetValueOrDefault((hospital, digest));

    /// <summary>A site uploads: its update is in the outbox.</summary>
    public void Keep(string hospital, UpdateUpload upload)
    {
        var first = _sent.GetOrAdd((hospital, upload.Id), upload.Digest);
        if (first != upload.Digest)
        {
            _violations.Enqueue($"{hospital} uploads two updates of {upload.Id}");
        }

        if (_updates.ContainsKey((hospital, upload.Digest)))
        {
            return;
        }

        using var stream = upload.Open();
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        _updates.TryAdd((hospital, upload.Digest), ParameterVector.FromBytes(bytes));
    }

    /// <summary>A site has accepted an attempt: what it trains from now on is this one.</summary>
    public void Accepted(string hospital, AttemptId id) => _accepted[hospital] = id;

    /// <summary>A site has recorded the update of an attempt.</summary>
    public void Recorded(string hospital, AttemptId id) => _recorded.TryAdd((hospital, id), true);

    /// <summary>A site begins to train.</summary>
    public void Trains(string hospital)
    {
        Trainings.AddOrUpdate(hospital, 1, (_, count) => count + 1);
        if (_accepted.TryGetValue(hospital, out var id) && _recorded.ContainsKey((hospital, id)))
        {
            _violations.Enqueue($"{hospital} trains {id} again, whose update is in the outbox");
        }
    }

    /// <summary>A site reports that no update will come.</summary>
    public void Failed(string hospital, AttemptId id, SiteFailure failure)
    {
        if (failure != SiteFailure.Internal)
        {
            _violations.Enqueue($"{hospital} reports {failure} at {id}");
        }
    }
}
