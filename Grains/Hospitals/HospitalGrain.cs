using System.Collections.Immutable;
using FederatedOrleans.Availability;
using FederatedOrleans.Hosting;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace FederatedOrleans.Hospitals;

/// <summary>One hospital at the centre: standing and keys are stored; presence and the inbox live in memory and are offered again.</summary>
[GrainType("fo.hospital")]
internal sealed partial class HospitalGrain(
    [PersistentState("fo.hospital", StorageNames.Grains)] IPersistentState<HospitalState> storage,
    TimeProvider time,
    ILogger<HospitalGrain> logger) : Grain, IHospitalGrain
{
    private const int MostKeys = 2;
    private const int MostAssignments = 256;
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(1);

    // Offers are repeated with every tick of who makes them. One that has not been for so long is asked after.
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AskingTime = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string Run, int Round, bool IsEvaluation), HospitalAssignment> _inbox = [];
    private readonly Dictionary<(string Run, int Round, bool IsEvaluation), long> _offeredAt = [];

    // What was told earlier is older, also what another activation has told, unless the clock was set back.
    private long _version = time.GetUtcNow().UtcTicks;

    // Leases begin anew with the activation: the centre can't know who was alive while it was not. Timestamps, since clocks are set.
    private long _seenAt = time.GetTimestamp();
    private bool _seen;
    private IHospitalObserver? _stream;
    private string? _nodeVersion;
    private ImmutableArray<OfferedDataset> _datasets = [];
    private WeeklyAvailability? _calendar;

    private StoredState<HospitalState> State => field ??= new(storage, DeactivateOnIdle);

    private string Id => GrainKeys.IdOf(this.GetPrimaryKeyString());

    private DateTimeOffset LastSeen => time.GetUtcNow() - time.GetElapsedTime(_seenAt);

    public async Task<CommandResult> InviteAsync(CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (state.Standing == HospitalStanding.None)
        {
            await State.WriteAsync(state with { Standing = HospitalStanding.Invited }, cancellationToken);
        }

        return state.Standing == HospitalStanding.Revoked
            ? CommandResult.Refused($"{Id} is revoked. Invite the hospital under another id.")
            : CommandResult.Ok;
    }

    public async Task<CommandResult> AdmitAsync(HospitalKey key, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        var now = time.GetUtcNow();
        if (state.Standing is HospitalStanding.None or HospitalStanding.Revoked)
        {
            return CommandResult.Refused(state.Standing == HospitalStanding.None
                ? $"{Id} has not been invited."
                : $"{Id} is revoked.");
        }

        if (key.NotAfter <= now)
        {
            return CommandResult.Refused("The certificate has expired.");
        }

        var known = state.Keys.FirstOrDefault(known => known.Fingerprint == key.Fingerprint);
        if (known is not null)
        {
            // A certificate that was renewed for the same key: what either of the two allows holds, whichever is admitted last.
            key = known with
            {
                NotBefore = known.NotBefore < key.NotBefore ? known.NotBefore : key.NotBefore,
                NotAfter = known.NotAfter > key.NotAfter ? known.NotAfter : key.NotAfter,
            };
            if (key == known)
            {
                return CommandResult.Ok;
            }
        }

        var others = state.Keys.Where(other => other != known && other.NotAfter > now).ToImmutableArray();
        if (others.Length >= MostKeys)
        {
            return CommandResult.Refused($"{Id} has {MostKeys} valid keys already; the older one must expire first.");
        }

        await State.WriteAsync(state with { Standing = HospitalStanding.Enrolled, Keys = others.Add(key) }, cancellationToken);
        LogEnrolled(logger, Id, key.Fingerprint[..12]);
        return CommandResult.Ok;
    }

    public async Task<CommandResult> RevokeAsync(CancellationToken cancellationToken = default)
    {
        if (State.Current.Standing == HospitalStanding.None)
        {
            return CommandResult.Refused($"There is no hospital {Id}.");
        }

        await State.WriteAsync(State.Current with { Standing = HospitalStanding.Revoked }, cancellationToken);
        LogRevoked(logger, Id);
        _inbox.Clear();
        _offeredAt.Clear();
        _version++;
        _stream?.DropAsync().Ignore();
        _stream = null;
        return CommandResult.Ok;
    }

    public Task<bool> IsAdmittedAsync(string fingerprint, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        var now = time.GetUtcNow();
        return Task.FromResult(state.Standing == HospitalStanding.Enrolled
            && state.Keys.Any(key => key.Fingerprint == fingerprint && key.NotBefore <= now && now < key.NotAfter));
    }

    public Task AttendAsync(
        IHospitalObserver observer,
        string nodeVersion,
        ImmutableArray<OfferedDataset> datasets,
        CancellationToken cancellationToken = default)
    {
        if (State.Current.Standing != HospitalStanding.Enrolled)
        {
            observer.DropAsync().Ignore();
            return Task.CompletedTask;
        }

        Seen();
        _stream = observer;
        _nodeVersion = nodeVersion;
        _datasets = datasets;
        LogAttends(logger, Id, nodeVersion);
        if (_inbox.Count > 0)
        {
            Tell();
        }

        return Task.CompletedTask;
    }

    public Task PublishAvailabilityAsync(WeeklyAvailability? calendar, CancellationToken cancellationToken = default)
    {
        _calendar = calendar;
        return Task.CompletedTask;
    }

    public Task LeaveAsync(IHospitalObserver observer, CancellationToken cancellationToken = default)
    {
        if (observer.Equals(_stream))
        {
            _stream = null;
            LogLeaves(logger, Id);
        }

        return Task.CompletedTask;
    }

    public Task<bool> HeartbeatAsync(IHospitalObserver observer, CancellationToken cancellationToken = default)
    {
        Seen();

        // After a new activation of this grain the open stream is learnt from its heartbeats.
        if (State.Current.Standing == HospitalStanding.Enrolled)
        {
            _stream = observer;
            return Task.FromResult(_nodeVersion is not null);
        }

        observer.DropAsync().Ignore();
        return Task.FromResult(true);
    }

    public async Task<HospitalInbox> InboxAsync(CancellationToken cancellationToken = default)
    {
        Seen();
        var tooOld = time.GetUtcNow() - Overdue;
        foreach (var (key, _) in _inbox.Where(entry => entry.Value.Deadline < tooOld && IsStale(entry.Key)).ToArray())
        {
            Forget(key);
        }

        return InboxBut(await DropWhatIsOverAsync(cancellationToken));
    }

    public Task<DateTimeOffset> OfferAsync(HospitalAssignment assignment, CancellationToken cancellationToken = default)
    {
        var isEvaluation = assignment.Stage == AssignmentStage.Evaluate;

        // A run has one round at a time, but may have several versions to be evaluated.
        var key = (assignment.Run, isEvaluation ? assignment.Round : 0, isEvaluation);
        var known = _inbox.GetValueOrDefault(key);
        var isNewer = known is null
            || (assignment.Round, assignment.Attempt, assignment.Epoch, assignment.Stage)
                .CompareTo((known.Round, known.Attempt, known.Epoch, known.Stage)) >= 0;
        if (isNewer && State.Current.Standing == HospitalStanding.Enrolled && (known is not null || _inbox.Count < MostAssignments))
        {
            // Also where it is the same again, and before the hospital is told: what is told has been offered just now.
            _offeredAt[key] = time.GetTimestamp();
            if (known != assignment)
            {
                _inbox[key] = assignment;
                _version++;
                if (assignment.Stage != AssignmentStage.Wait
                    && (known is null || known with { Deadline = assignment.Deadline } != assignment))
                {
                    Tell();
                }
            }
        }

        return Task.FromResult(LastSeen);
    }

    /// <summary>
    /// While Silos join and leave, a grain can be active twice for a time: the offers then reach one activation, and the hospital asks the
    /// other, which holds what was offered last. So that one finds out that it is over, and ends: the next call finds where the offers go.
    /// A round that is being aggregated, or whose many hospitals are being told, offers nothing either: what is asked no more is answered.
    /// </summary>
    private async Task<HashSet<(string Run, int Round, bool IsEvaluation)>> DropWhatIsOverAsync(CancellationToken cancellationToken)
    {
        HashSet<(string Run, int Round, bool IsEvaluation)> ending = [];
        foreach (var (key, assignment) in _inbox.Where(entry => !entry.Key.IsEvaluation && IsStale(entry.Key)).ToArray())
        {
            try
            {
                var standing = await GrainFactory.Grain<IRoundCoordinatorGrain>(GrainKeys.Round(assignment.Run, assignment.Round))
                    .StandingAsync(assignment.Attempt, cancellationToken).WaitAsync(AskingTime, time, cancellationToken);
                if (standing == AssignmentStanding.Ending)
                {
                    ending.Add(key);
                }

                if (standing != AssignmentStanding.Over)
                {
                    // Where it is still wanted, whoever offers it has been away.
                    continue;
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                // Nobody can tell now: what the hospital works at stays asked for.
                continue;
            }

            Forget(key);
            LogOver(logger, Id, assignment.Run, assignment.Round);
            DeactivateOnIdle();
        }

        return ending;
    }

    public Task WithdrawAsync(string run, int round, int attempt, CancellationToken cancellationToken = default)
    {
        var isForgotten = false;
        foreach (var (key, _) in _inbox
            .Where(entry => entry.Value.Run == run && entry.Value.Round == round && entry.Value.Attempt == attempt).ToArray())
        {
            Forget(key);
            isForgotten = true;
        }

        if (isForgotten || !_inbox.ContainsKey((run, 0, false)))
        {
            // Else something else of the run was asked since, and the hospital was told that.
            Tell();
        }

        return Task.CompletedTask;
    }

    public Task<HospitalView> ViewAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var isOpen = _calendar?.IsOpen(now) ?? true;
        return Task.FromResult(new HospitalView
        {
            Hospital = Id,
            Standing = State.Current.Standing,
            LastSeen = _seen ? LastSeen : null,
            Attending = _stream is not null,
            NodeVersion = _nodeVersion,
            Datasets = _datasets,
            KeyFingerprints = [.. State.Current.Keys.Select(key => key.Fingerprint)],
            Availability = _calendar,
            IsOpen = isOpen,
            OpensAt = isOpen ? null : _calendar!.NextOpen(now),
        });
    }

    private void Forget((string Run, int Round, bool IsEvaluation) key)
    {
        _inbox.Remove(key);
        _offeredAt.Remove(key);
        _version++;
    }

    /// <summary>Whether an offer was not repeated for long.</summary>
    private bool IsStale((string Run, int Round, bool IsEvaluation) key) => time.GetElapsedTime(_offeredAt[key]) > Stale;

    private void Seen()
    {
        _seen = true;
        _seenAt = time.GetTimestamp();
    }

    private HospitalInbox InboxBut(HashSet<(string Run, int Round, bool IsEvaluation)> ending) => new(
        _version,
        [
            // Rounds first: others wait for them.
            .. _inbox.Where(entry => !ending.Contains(entry.Key)).Select(entry => entry.Value)
                .OrderBy(assignment => assignment.Stage == AssignmentStage.Evaluate)
                .ThenBy(assignment => assignment.Run, StringComparer.Ordinal)
                .ThenBy(assignment => assignment.Round),
        ]);

    /// <summary>Tells the hospital what is asked of it now. Where some of that may be over, it is to ask, which looks into that.</summary>
    private void Tell()
    {
        if (_stream is { } stream)
        {
            (_inbox.Keys.Any(IsStale) ? stream.WakeUpAsync() : stream.TellAsync(InboxBut([]))).Ignore();
        }
    }
}
