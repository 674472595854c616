using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FederatedOrleans.Encodings;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>One hospital's update as it arrives, block by block; each block is checked when it is full, while it is in the cache.</summary>
/// <param name="digest">Digest of its bytes as they arrive.</param>
/// <param name="numExamples">Training rows behind it.</param>
/// <param name="byteLength">Bytes of its values as float32.</param>
/// <param name="blocks">Where the values go.</param>
/// <param name="format">What its bytes are; raw float32 where absent.</param>
/// <param name="ownPart">The only part in which its values may differ from zero; all of it where absent.</param>
internal sealed class StagedUpdate(
    ContentDigest digest, long numExamples, long byteLength, IBlockSink blocks, UpdateFormat? format = null, ModelPart? ownPart = null) : IDisposable
{
    // With 10^9 rows of each of 10^5 hospitals the sum stays below float32's largest value, 3.4 x 10^38; and so does the sum of the squares of
    // 10^5 rounds' means, which adaptive server optimizers keep.
    private const float LargestValue = 1e15f;

    // What takes less time than another thread needs to begin.
    private const int TakenAtOnce = 64 * 1024;

    // LZ4 makes at most 255 bytes of one, and a byte may be a value: 16 MiB.
    private const int FlushedAtOnce = 16 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // Raw values are copied as they are.
    private readonly UpdateDecoder? _decoder = format is null || format == UpdateFormat.Raw ? null : new(format, byteLength / sizeof(float));
    private float[]? _block;
    private int _filled;
    private long _staged;
    private StagingVerdict? _spoilt;
    private bool _isBroken;

    public ContentDigest Digest => digest;

    public long NumExamples => numExamples;

    public UpdateFormat Format => format ?? UpdateFormat.Raw;

    /// <summary>Bytes that have arrived.</summary>
    public long Held { get; private set; }

    public bool IsComplete { get; private set; }

    /// <summary>The chunk that is being taken on another thread; the next may come when it has ended.</summary>
    public Task Taking { get; private set; } = Task.CompletedTask;

    /// <summary>Whether the values are digits of <see cref="FixedPoint"/>, whose sums are exact only while each is one.</summary>
    public bool AreDigits { get; init; }

    /// <summary>Where the values are.</summary>
    public IBlockSink Blocks => blocks;

    public ParticipantUpdate As(string hospital) => new(hospital, digest, numExamples);

    /// <summary>As <see cref="Append"/>, a long chunk on another thread, so that updates of several hospitals are taken at once.</summary>
    /// <exception cref="IOException">There is no room on the disk.</exception>
    public async Task<StagingVerdict> AppendAsync(ReadOnlyMemory<byte> chunk)
    {
        if (chunk.Length <= TakenAtOnce && blocks.IsHere)
        {
            return Append(chunk.Span);
        }

        var taking = blocks.IsHere ? Task.Run(() => Append(chunk.Span, ChunkBlock.Of(chunk))) : AppendAndFlushAsync(chunk);
        Taking = taking;
        return await taking;
    }

    /// <summary>Takes a chunk that begins where the held bytes end; the last one is followed by every check.</summary>
    /// <param name="chunk">Its bytes.</param>
    /// <param name="block">The block that the chunk is all of, which may be kept in place of a copy.</param>
    /// <exception cref="IOException">There is no room on the disk.</exception>
    public StagingVerdict Append(ReadOnlySpan<byte> chunk, ChunkBlock? block = null)
    {
        var verdict = Take(chunk, block);
        IsComplete = verdict == StagingVerdict.Complete;
        return verdict;
    }

    private StagingVerdict Take(ReadOnlySpan<byte> chunk, ChunkBlock? block = null)
    {
        if (Held + chunk.Length > (_decoder?.MostBytes ?? byteLength))
        {
            return StagingVerdict.WrongLength;
        }

        _hash.AppendData(chunk);
        Held += chunk.Length;
        if (_decoder is null)
        {
            if (!TryKeepAsItIs(block))
            {
                Fill(chunk);
            }
        }
        else if (!_decoder.TryDecode(chunk, values => Fill(MemoryMarshal.AsBytes(values))))
        {
            return StagingVerdict.Malformed;
        }

        if (_spoilt is { } spoilt)
        {
            return spoilt;
        }

        if (_staged < byteLength)
        {
            return StagingVerdict.Partial;
        }

        if (ContentDigest.FromHash(_hash.GetCurrentHash()) != digest)
        {
            return StagingVerdict.WrongDigest;
        }

        return StagingVerdict.Complete;
    }

    /// <summary>Lets go of everything, once no chunk is being taken any more.</summary>
    public void Dispose()
    {
        if (Taking.IsCompleted)
        {
            Release();
        }
        else
        {
            Taking.ContinueWith(_ => Release(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Ignore();
        }
    }

    private async Task<StagingVerdict> AppendAndFlushAsync(ReadOnlyMemory<byte> chunk)
    {
        // Before the first byte is taken it is known whether there is room for the last; and nothing comes after what could not be kept.
        var kept = _isBroken ? StagingVerdict.Busy : await blocks.FlushAsync();
        var verdict = StagingVerdict.Partial;

        // Encoded bytes may stand for many times as many: what has not been flushed is bounded.
        var slice = _decoder is null ? chunk.Length : FlushedAtOnce;
        for (var start = 0; start < chunk.Length && kept == StagingVerdict.Partial && verdict == StagingVerdict.Partial; start += slice)
        {
            var part = chunk[start..Math.Min(chunk.Length, start + slice)];
            verdict = await Task.Run(() => Take(part.Span));
            kept = verdict is StagingVerdict.Partial or StagingVerdict.Complete ? await blocks.FlushAsync() : verdict;
        }

        _isBroken = kept != StagingVerdict.Partial;
        IsComplete = verdict == StagingVerdict.Complete && !_isBroken;
        return _isBroken ? kept : verdict;
    }

    /// <summary>Lets go of the values of an update that is complete and was added up; what it was stays known.</summary>
    public void LetGo() => blocks.Dispose();

    private void Release()
    {
        _hash.Dispose();
        ReturnBlock();
        blocks.Dispose();
    }

    private void ReturnBlock()
    {
        if (_block is not null)
        {
            blocks.Return(_block);
            _block = null;
        }
    }

    /// <summary>Puts values into blocks; one that spoils a sum ends it.</summary>
    private void Fill(ReadOnlySpan<byte> values)
    {
        while (values.Length > 0 && _spoilt is null)
        {
            // The last block is as long as what is left: small updates of many hospitals must not take a whole block each.
            var blockBytes = (int)Math.Min(IBlockSink.BlockBytes, byteLength - _staged + _filled);
            _block ??= blocks.Rent(blockBytes / sizeof(float));
            var room = MemoryMarshal.AsBytes(_block.AsSpan(0, blockBytes / sizeof(float)))[_filled..];
            var part = values[..Math.Min(values.Length, room.Length)];
            part.CopyTo(room);
            values = values[part.Length..];
            _filled += part.Length;
            _staged += part.Length;
            if (_filled == IBlockSink.BlockBytes || _staged == byteLength)
            {
                _spoilt = Keep();
            }
        }
    }

    /// <summary>Keeps a block that begins where one does. False where its bytes must be copied.</summary>
    private bool TryKeepAsItIs(ChunkBlock? block)
    {
        // A block that is filled in part, or was left over when one went into a scratch file, is filled first.
        if (_block is not null || byteLength - _staged < IBlockSink.BlockBytes || block?.Take() is not { } taken)
        {
            return false;
        }

        _block = taken;
        _filled = IBlockSink.BlockBytes;
        _staged += IBlockSink.BlockBytes;
        _spoilt = Keep();
        return true;
    }

    /// <summary>Keeps a block that is full, or tells what spoils it.</summary>
    private StagingVerdict? Keep()
    {
        var values = _block.AsSpan(0, _filled / sizeof(float));
        StagingVerdict? fault = !AreSound(values) ? StagingVerdict.NotFinite
            : AreDigits && !FixedPoint.AreDigits(values) ? StagingVerdict.NoDigit
            : !IsInPart(values, (_staged / sizeof(float)) - values.Length) ? StagingVerdict.OutsideOwnPart
            : null;
        if (fault is not null)
        {
            return fault;
        }

        _block = blocks.Keep(_block!, values.Length);
        _filled = 0;
        if (_staged == byteLength)
        {
            ReturnBlock();
        }

        return null;
    }

    /// <summary>Whether nothing of a block lies in a part of the model that is another hospital's, and its own begins with the rows that it says, or nothing.</summary>
    private bool IsInPart(ReadOnlySpan<float> values, long start)
    {
        if (ownPart is not { } own)
        {
            return true;
        }

        var before = (int)Math.Clamp(own.Start - start, 0, values.Length);
        var after = (int)Math.Clamp(own.End - start, 0, values.Length);
        return !values[..before].ContainsAnyExcept(0f) && !values[after..].ContainsAnyExcept(0f)
            && (before >= after || start + before > own.Start || values[before] == 0 || values[before] == numExamples);
    }

    /// <summary>Whether every value is finite and no larger than <see cref="LargestValue"/>.</summary>
    /// <remarks>No value is larger than the sum of all, which takes a third of the time; only where that says nothing the largest is looked for.</remarks>
    private static bool AreSound(ReadOnlySpan<float> values) =>
        TensorPrimitives.SumOfMagnitudes(values) <= LargestValue

        // A NaN anywhere is the largest of all to it, and compares as false.
        || Math.Abs(TensorPrimitives.MaxMagnitude(values)) <= LargestValue;
}
