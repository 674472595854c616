using System.Runtime.ExceptionServices;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Encodings;
using FederatedOrleans.Rounds;
using FederatedOrleans.Transfers;

namespace FederatedOrleans.Updates;

/// <summary>The way of an update from the link to the aggregator and into the coordinator's count; the same for both links.</summary>
public sealed class UpdateIntake
{
    /// <summary>Largest chunk of a grain message, in bytes: a block.</summary>
    public const int ChunkBytes = IBlockSink.BlockBytes;

    // What comes in less time was there already, or is on its way on a fast line.
    private static readonly TimeSpan Ready = TimeSpan.FromMilliseconds(10);

    // After a wait much shorter, as many updates of fast lines would be staged at once as arrive, most of them by way of the disk.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly IGrainFactory _grains;
    private readonly StagingArea? _staging;
    private readonly int _chunkBytes;
    private readonly TransferTurns _turns = new(Environment.ProcessorCount, LongestWait);

    /// <summary>The way to these grains.</summary>
    /// <param name="grains">The grains.</param>
    /// <param name="staging">That of this silo: its aggregators keep chunks that were read into blocks of it.</param>
    public UpdateIntake(IGrainFactory grains, StagingArea staging)
        : this(grains, ChunkBytes) => _staging = staging;

    /// <summary>The way to these grains in chunks of any size, which are copied.</summary>
    internal UpdateIntake(IGrainFactory grains, int chunkBytes) => (_grains, _chunkBytes) = (grains, chunkBytes);

    /// <summary>How many bytes of an update are held.</summary>
    public async Task<IntakeResult> HeldAsync(UpdateAddress address, CancellationToken cancellationToken)
    {
        var (target, answer) = await TargetAsync(address, cancellationToken);
        answer ??= await CheckLengthAsync(address, target, cancellationToken);
        if (answer is not null)
        {
            return answer;
        }

        var held = await Aggregator(address, target).HeldAsync(target.Incarnation, address.Hospital, address.Digest, cancellationToken);
        return held.Verdict == StagingVerdict.Lost
            ? await LostAsync(address, target, cancellationToken)
            : new IntakeResult(IntakeVerdict.Partial, held.Held, target.Epoch);
    }

    /// <summary>Appends a body from an offset; the last byte ends in a receipt.</summary>
    /// <param name="address">Which update.</param>
    /// <param name="numExamples">Training rows behind it.</param>
    /// <param name="offset">Where the body begins.</param>
    /// <param name="body">The bytes; may be empty to ask for the receipt of an update held whole.</param>
    /// <param name="cancellationToken">Ends the transfer; what is held stays held.</param>
    public Task<IntakeResult> AppendAsync(
        UpdateAddress address, long numExamples, long offset, Stream body, CancellationToken cancellationToken) =>
        AppendAsync(address, numExamples, offset, body, isPaced: false, cancellationToken);

    /// <summary>As <see cref="AppendAsync(UpdateAddress, long, long, Stream, CancellationToken)"/>, of a body that may come no faster than a limit lets it.</summary>
    /// <param name="address">Which update.</param>
    /// <param name="numExamples">Training rows behind it.</param>
    /// <param name="offset">Where the body begins.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="isPaced">Whether there is such a limit: nobody waits for such a body, and it for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer; what is held stays held.</param>
    public async Task<IntakeResult> AppendAsync(
        UpdateAddress address, long numExamples, long offset, Stream body, bool isPaced, CancellationToken cancellationToken)
    {
        var (target, answer) = await TargetAsync(address, cancellationToken);

        // One of a chunk is checked with its chunk: it is read to no purpose where it is wrong, and costs a call less where it is not.
        answer ??= IsShort(address, offset) ? null : await CheckLengthAsync(address, target, cancellationToken);
        if (answer is not null)
        {
            return answer;
        }

        var staged = await StageAsync(address, target, numExamples, offset, body, isPaced, cancellationToken);
        return staged.Verdict switch
        {
            StagingVerdict.Partial or StagingVerdict.WrongOffset => new(IntakeVerdict.Partial, staged.Held, target.Epoch),
            StagingVerdict.Busy => new(IntakeVerdict.Busy, staged.Held, target.Epoch),
            StagingVerdict.Lost => await LostAsync(address, target, cancellationToken),
            StagingVerdict.Complete => await CountAsync(address, numExamples, target, cancellationToken),
            _ => await RefuseAsync(address, target, staged.Verdict, cancellationToken),
        };
    }

    private async Task<StageResult> StageAsync(
        UpdateAddress address, UploadTarget target, long numExamples, long offset, Stream body, bool isPaced, CancellationToken cancellationToken)
    {
        // A byte more than is declared shows where the body ends.
        var isShort = IsShort(address, offset);
        using var memory = isShort ? new ChunkMemory((int)Math.Max(address.Length!.Value - offset, 0) + 1)
            : KeepsBlocks(address) ? new ChunkMemory(_staging!.Pool)
            : new ChunkMemory(_chunkBytes);

        // An update of one chunk takes no time, and no memory of others.
        using var turn = isShort || isPaced ? null : _turns.For(address.Hospital);
        while (true)
        {
            if (turn is { IsSlow: false })
            {
                await turn.TakeAsync(cancellationToken);
            }

            // After a break in the middle of a block the next chunk begins where a block does again.
            var chunk = isShort ? memory.Next() : memory.Next()[..(_chunkBytes - (int)(offset % _chunkBytes))];
            var reading = ReadChunkAsync(body, chunk, cancellationToken);
            var (held, isLast, broken) = await (turn is null ? reading : turn.LendAsync(reading, Ready, MachineLoad.IsBusy));
            if (offset + held > address.Length)
            {
                return new StageResult(StagingVerdict.WrongLength, 0);
            }

            // Where the call fails, somebody may still be reading.
            memory.IsLent = true;
            var staged = await StageChunkAsync(
                address, target, numExamples, offset, chunk[..held], broken is null ? cancellationToken : CancellationToken.None);
            memory.IsLent = false;
            offset += held;
            if (staged.Verdict == StagingVerdict.Partial)
            {
                broken?.Throw();
            }

            if (staged.Verdict != StagingVerdict.Partial || isLast)
            {
                return staged;
            }
        }
    }

    private bool IsShort(UpdateAddress address, long offset) => address.Length - offset < _chunkBytes;

    // Encoded chunks are decoded into other memory, and where there is none left, blocks go into a scratch file.
    private bool KeepsBlocks(UpdateAddress address) =>
        address.Length is not null && UpdateFormat.Parse(address.Encoding) == UpdateFormat.Raw && _staging?.FreeMemory >= IBlockSink.BlockBytes;

    // Where the transfer broke, nobody waits any more, but what has arrived is kept, so that the hospital goes on from there; Orleans limits
    // the call then.
    private Task<StageResult> StageChunkAsync(
        UpdateAddress address, UploadTarget target, long numExamples, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        Aggregator(address, target).StageAsync(
            new StageChunk
            {
                Incarnation = target.Incarnation,
                Hospital = address.Hospital,
                Digest = address.Digest,
                NumExamples = numExamples,
                Offset = offset,
                Bytes = bytes,
                Encoding = address.Encoding,
                Length = address.Length,
            },
            cancellationToken);

    /// <summary>Fills the next chunk: its bytes, whether it is the last, and what broke the transfer after it.</summary>
    private static async Task<(int Held, bool IsLast, ExceptionDispatchInfo? Broken)> ReadChunkAsync(
        Stream body, Memory<byte> chunk, CancellationToken cancellationToken)
    {
        var held = 0;
        try
        {
            while (held < chunk.Length)
            {
                var read = await body.ReadAsync(chunk[held..], cancellationToken);
                if (read == 0)
                {
                    return (held, true, null);
                }

                held += read;
            }

            return (held, false, null);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return (held, false, ExceptionDispatchInfo.Capture(exception));
        }
    }

    private static IntakeResult Describe(RoundVerdict verdict, long held, long epoch) => verdict switch
    {
        RoundVerdict.Applied or RoundVerdict.Duplicate => new(IntakeVerdict.Counted, held, epoch),
        RoundVerdict.WrongEpoch => new(IntakeVerdict.Stale, 0, epoch),
        RoundVerdict.Early => new(IntakeVerdict.Busy, 0, epoch),
        RoundVerdict.WrongAttempt => new(IntakeVerdict.Refused, 0, epoch, "this attempt at this round is not under way"),
        RoundVerdict.UnknownParticipant => new(IntakeVerdict.Refused, 0, epoch, "this hospital is not of the round's cohort"),
        RoundVerdict.Conflict => new(IntakeVerdict.Refused, 0, epoch, "another update of this hospital counts already"),
        _ => new(IntakeVerdict.Refused, 0, epoch, "the round is closed"),
    };

    private async Task<(UploadTarget Target, IntakeResult? Answer)> TargetAsync(UpdateAddress address, CancellationToken cancellationToken)
    {
        var target = await Coordinator(address).UploadTargetAsync(address.Hospital, address.Attempt, address.Epoch, cancellationToken);
        var answer = target.Verdict switch
        {
            RoundVerdict.Applied => null,
            RoundVerdict.Duplicate when target.Counted != address.Digest => Describe(RoundVerdict.Conflict, 0, target.Epoch),
            _ => Describe(target.Verdict, 0, target.Epoch),
        };
        return (target, answer);
    }

    /// <summary>The refusal of an update that its hospital declares to be of another length than the model, before a byte of it is read.</summary>
    private async Task<IntakeResult?> CheckLengthAsync(UpdateAddress address, UploadTarget target, CancellationToken cancellationToken)
    {
        if (address.Length is not { } length || target.Verdict != RoundVerdict.Applied)
        {
            return null;
        }

        var check = await Aggregator(address, target).CheckLengthAsync(target.Incarnation, address.Hospital, length, cancellationToken);
        return check.Verdict switch
        {
            StagingVerdict.Lost => await LostAsync(address, target, cancellationToken),
            StagingVerdict.WrongLength => await RefuseAsync(address, target, check.Verdict, cancellationToken),
            _ => null,
        };
    }

    private async Task<IntakeResult> CountAsync(
        UpdateAddress address, long numExamples, UploadTarget target, CancellationToken cancellationToken)
    {
        var update = new ParticipantUpdate(address.Hospital, address.Digest, numExamples);
        var verdict = await Coordinator(address).UpdateAcceptedAsync(address.Attempt, address.Epoch, update, cancellationToken);
        return Describe(verdict, 0, target.Epoch);
    }

    private async Task<IntakeResult> RefuseAsync(
        UpdateAddress address, UploadTarget target, StagingVerdict verdict, CancellationToken cancellationToken)
    {
        var reason = verdict switch
        {
            StagingVerdict.WrongLength => "the update has another length than the model",
            StagingVerdict.WrongDigest => "the update's bytes have another digest than was declared",
            StagingVerdict.NotFinite => "the update holds a value that is not finite, or beyond 1e15",
            StagingVerdict.NoDigit => "the update holds a value that is no digit of a statistic",
            StagingVerdict.OutsideOwnPart => "the update holds values in another hospital's part of the model, or not the rows that it says",
            StagingVerdict.WrongWeight => "the number of examples is out of range",
            StagingVerdict.WrongEncoding => "the update is encoded otherwise than the plan says",
            StagingVerdict.Malformed => "the update's bytes are not what their encoding says",
            _ => "another update of this hospital is staged already",
        };

        // A second, different update does not undo the first; a faulty one means that this hospital gives none.
        if (verdict != StagingVerdict.OtherUpdate)
        {
            await Coordinator(address).UpdateRefusedAsync(address.Hospital, address.Attempt, reason, cancellationToken);
        }

        return new(IntakeVerdict.Refused, 0, target.Epoch, reason);
    }

    private async Task<IntakeResult> LostAsync(UpdateAddress address, UploadTarget target, CancellationToken cancellationToken)
    {
        await Coordinator(address).AggregatorLostAsync(target.Epoch, target.Incarnation, cancellationToken);
        return new(IntakeVerdict.Stale, 0, target.Epoch + 1);
    }

    private IRoundCoordinatorGrain Coordinator(UpdateAddress address) =>
        _grains.Grain<IRoundCoordinatorGrain>(GrainKeys.Round(address.Run, address.Round));

    private IAggregatorGrain Aggregator(UpdateAddress address, UploadTarget target) =>
        _grains.Grain<IAggregatorGrain>(GrainKeys.Aggregator(address.Run, address.Round, address.Attempt, address.Epoch, target.Group));
}
