using System.Collections.Immutable;
using FederatedOrleans.Blobs;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Encodings;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Observing;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Placement;
using FederatedOrleans.Plans;
using FederatedOrleans.Updates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FederatedOrleans.Aggregation;

/// <summary>Stages, checks and folds the updates of one epoch. It stores nothing: an individual update is in memory, or on the disk as what nobody can read.</summary>
[GrainType("fo.aggregator"), SpreadPlacement]
internal sealed partial class AggregatorGrain(
    IBlobStore blobs,
    PlanCache plans,
    StagingArea staging,
    FederationMetrics metrics,
    IOptions<CentreOptions> options,
    ILogger<AggregatorGrain> logger) : Grain, IAggregatorGrain
{
    private const long MostExamples = 1_000_000_000;
    private static readonly TimeSpan Alive = TimeSpan.FromMinutes(30);

    private readonly Guid _incarnation = Guid.NewGuid();
    private readonly Dictionary<string, StagedUpdate> _staged = new(StringComparer.Ordinal);
    private OpenAggregator? _open;
    private TrainingPlan? _plan;

    // Of an update, which is longer than the model where control variates travel with it.
    private ModelSchema? _schema;
    private int _modelLength;

    public async Task<Guid> OpenAsync(OpenAggregator open, CancellationToken cancellationToken = default)
    {
        DelayDeactivation(Alive);
        if (_open is null)
        {
            if (open.Known != Guid.Empty)
            {
                // What the activation before this one had staged is gone; opened again, this one would hold nothing and serve.
                return Guid.Empty;
            }

            await ReadPlanAsync(open.PlanDigest, cancellationToken);
            _open = open;
            Steps.Reach(StepNames.AggregatorOpened, GrainKeys.IdOf(this.GetPrimaryKeyString()));
        }

        // An activation opened with another nonce serves another epoch: its answer names nobody the coordinator knows.
        return _open == open with { Known = _open.Known }
            && await OpenShardsAsync(open, cancellationToken)
            && await OpenGroupsAsync(open, cancellationToken) ? _incarnation : Guid.Empty;
    }

    public async Task<StageResult> HeldAsync(
        Guid incarnation, string hospital, ContentDigest digest, CancellationToken cancellationToken = default)
    {
        if (!Serves(incarnation))
        {
            return new(StagingVerdict.Lost, 0);
        }

        await TakenAsync(hospital);
        var held = _staged.GetValueOrDefault(hospital);
        return held is null || held.Digest != digest
            ? new(StagingVerdict.Partial, 0)
            : new(held.IsComplete ? StagingVerdict.Complete : StagingVerdict.Partial, held.Held);
    }

    public Task<StageResult> CheckLengthAsync(
        Guid incarnation, string hospital, long length, CancellationToken cancellationToken = default) =>
        Task.FromResult(Noted(hospital, new(
            !Serves(incarnation) ? StagingVerdict.Lost
                : _plan!.Transfer.Takes(length, _schema!.Length) ? StagingVerdict.Partial
                : StagingVerdict.WrongLength,
            0)));

    public async Task<StageResult> StageAsync(StageChunk chunk, CancellationToken cancellationToken = default)
    {
        await TakenAsync(chunk.Hospital);
        return Noted(chunk.Hospital, await StageNextAsync(chunk));
    }

    public async Task DiscardAsync(ContentDigest planDigest, CancellationToken cancellationToken = default)
    {
        // Before anything is waited for.
        DeactivateOnIdle();
        if (_open is null)
        {
            // The activation that was opened is lost; what its shards keep is wanted by the next epoch.
            await ReadPlanAsync(planDigest, cancellationToken);
            _shards = CutIntoShards();
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await EndSumAsync();
        foreach (var hospital in _staged.Keys.ToArray())
        {
            Drop(hospital, _staged[hospital]);
        }

        foreach (var shard in _shards)
        {
            shard.Grain.DiscardAsync(CancellationToken.None).Ignore();
        }

        // Whoever folded is then off the stack.
        await Task.Yield();
        LargeMemory.Release(_schema?.ByteLength ?? 0);
    }

    private async Task ReadPlanAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        _plan = (await plans.ReadAsync(digest, cancellationToken)).InRound(Place.Round);
        _schema = ModelSchema.OfUpdate(_plan);
        _modelLength = ModelSchema.For(_plan).Length;
    }

    private StageResult Noted(string hospital, StageResult result)
    {
        if (result.Verdict is StagingVerdict.WrongLength or StagingVerdict.WrongDigest or StagingVerdict.NotFinite
            or StagingVerdict.NoDigit or StagingVerdict.OutsideOwnPart or StagingVerdict.WrongWeight or StagingVerdict.OtherUpdate
            or StagingVerdict.WrongEncoding or StagingVerdict.Malformed)
        {
            metrics.UpdateRefused(result.Verdict.ToString());
            LogRefused(logger, this.GetPrimaryKeyString(), hospital, result.Verdict);
        }

        return result;
    }

    /// <summary>Whether this activation is of the epoch that goes by <paramref name="incarnation"/>, that of group 0's aggregator.</summary>
    private bool Serves(Guid incarnation) =>
        _open is not null && incarnation == (_open.Lead == Guid.Empty ? _incarnation : _open.Lead);

    /// <summary>Waits until no chunk of a hospital is being taken: one that is connected twice sends two at once.</summary>
    private async Task TakenAsync(string hospital)
    {
        while (_staged.GetValueOrDefault(hospital)?.Taking is { IsCompleted: false } taking)
        {
            await taking.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<StageResult> StageNextAsync(StageChunk chunk)
    {
        if (!Serves(chunk.Incarnation))
        {
            return new(StagingVerdict.Lost, 0);
        }

        if (chunk.Length is { } length && !_plan!.Transfer.Takes(length, _schema!.Length))
        {
            return new(StagingVerdict.WrongLength, 0);
        }

        if (chunk.NumExamples is < 1 or > MostExamples)
        {
            return new(StagingVerdict.WrongWeight, 0);
        }

        if (UpdateFormat.Parse(chunk.Encoding) is not { } format || !_plan!.Transfer.Takes(format))
        {
            return new(StagingVerdict.WrongEncoding, 0);
        }

        var held = _staged.GetValueOrDefault(chunk.Hospital);
        if (held is not null && (held.Digest != chunk.Digest || held.NumExamples != chunk.NumExamples || held.Format != format))
        {
            if (held.IsComplete)
            {
                return new(StagingVerdict.OtherUpdate, held.Held);
            }

            // A hospital that died before its outbox was durable has trained anew.
            Drop(chunk.Hospital, held);
            held = null;
        }

        if (held is null)
        {
            if (chunk.Offset != 0)
            {
                return new(StagingVerdict.WrongOffset, 0);
            }

            IBlockSink? room = _shards.IsEmpty ? staging.TryOpen(_schema!.ByteLength) : new ShardedBlocks(_shards, BlocksOfShard);
            if (room is null)
            {
                return new(StagingVerdict.Busy, 0);
            }

            try
            {
                PromiseSum();
            }
            catch
            {
                // There is no memory for it.
                room.Dispose();
                throw;
            }

            held = new StagedUpdate(chunk.Digest, chunk.NumExamples, _schema!.ByteLength, room, format, HospitalParts.Of(_plan!, chunk.Hospital))
            {
                AreDigits = _plan!.Model.Kind == ModelKinds.Statistics,
            };
            _staged.Add(chunk.Hospital, held);
        }

        if (held.IsComplete)
        {
            return new(StagingVerdict.Complete, held.Held);
        }

        if (chunk.Offset != held.Held)
        {
            return new(StagingVerdict.WrongOffset, held.Held);
        }

        StagingVerdict verdict;
        try
        {
            verdict = await held.AppendAsync(chunk.Bytes);
        }
        catch (IOException)
        {
            // The disk is full: as if there had been no room from the beginning.
            verdict = StagingVerdict.Busy;
        }
        catch
        {
            // Nobody knows what of the chunk was kept.
            Drop(chunk.Hospital, held);
            throw;
        }

        if (verdict is not (StagingVerdict.Partial or StagingVerdict.Complete))
        {
            Drop(chunk.Hospital, held);
            return new(verdict, 0);
        }

        metrics.Staged(chunk.Bytes.Length);
        if (verdict == StagingVerdict.Complete)
        {
            Steps.Reach(StepNames.UpdateStaged, GrainKeys.IdOf(this.GetPrimaryKeyString()));
        }

        return new(verdict, held.Held);
    }

    private void Drop(string hospital, StagedUpdate held)
    {
        // Its place may be another's by now.
        if (_staged.GetValueOrDefault(hospital) == held)
        {
            _staged.Remove(hospital);
        }

        held.Dispose();
    }
}
