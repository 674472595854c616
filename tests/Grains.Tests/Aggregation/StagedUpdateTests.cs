using CsCheck;
using FederatedOrleans.Encodings;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using Microsoft.Extensions.Time.Testing;

namespace FederatedOrleans.Aggregation;

/// <summary>Updates in memory and in scratch files, and the room for both.</summary>
public sealed class StagedUpdateTests : IDisposable
{
    // Two whole blocks and a part of one.
    private const int Values = (2 * IBlockSink.BlockValues) + 77;
    private const long Bytes = (long)Values * sizeof(float);

    private readonly string _folder = Directory.CreateTempSubdirectory("fo-staging-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task An_update_staged_in_any_pieces_is_folded_to_the_bits_of_the_whole(bool inMemory) => Gen.Int[1, 3_000_000].Array[1, 6].SampleAsync(
        async pieces =>
        {
            var vector = Vector(1);
            var area = Area(inMemory);
            using var update = Staged(area, vector.Digest);
            var bytes = vector.AsBytes().Span;
            for (var (at, next) = (0, 0); at < bytes.Length; next++)
            {
                var piece = bytes[at..Math.Min(bytes.Length, at + pieces[next % pieces.Length])];
                at += piece.Length;
                Assert.Equal(at < bytes.Length ? StagingVerdict.Partial : StagingVerdict.Complete, update.Append(piece));
                Assert.Equal(at, update.Held);
            }

            Assert.Equal(Mean(vector, vector), await MeanAsync(update, vector));
        },
        iter: 8);

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 100_000)]
    [InlineData(false, 0)]
    public async Task A_chunk_that_is_a_block_is_kept_as_it_is_and_copied_where_it_does_not_fit(bool inMemory, int before)
    {
        var vector = Vector(1);
        var area = Area(inMemory);
        using var update = Staged(area, vector.Digest);
        var bytes = vector.AsBytes();
        Assert.Equal(StagingVerdict.Partial, update.Append(bytes.Span[..before]));
        var taken = 0;
        for (var at = before; at < bytes.Length; at += IBlockSink.BlockBytes)
        {
            var chunk = new ChunkBlock(area.Pool.Rent(IBlockSink.BlockValues));
            var part = chunk.Memory[..Math.Min(IBlockSink.BlockBytes, bytes.Length - at)];
            bytes.Slice(at, part.Length).CopyTo(part);
            var verdict = await update.AppendAsync(part);
            Assert.Equal(at + part.Length < bytes.Length ? StagingVerdict.Partial : StagingVerdict.Complete, verdict);
            taken += chunk.IsTaken ? 1 : 0;
            Assert.Equal(chunk.IsTaken, chunk.Take() is null);
        }

        // Of a scratch file the first one's array is used for the others.
        Assert.Equal(before > 0 ? 0 : inMemory ? 2 : 1, taken);
        Assert.Equal(Mean(vector, Vector(2)), await MeanAsync(update, Vector(2)));
    }

    [Fact]
    public async Task A_chunk_that_is_a_block_is_checked_and_counted_like_any_other()
    {
        var area = Area(inMemory: true);
        using (var update = Staged(area, Vector(1).Digest))
        {
            var chunk = new ChunkBlock(area.Pool.Rent(IBlockSink.BlockValues));
            chunk.Memory.Span.Clear();
            BitConverter.TryWriteBytes(chunk.Memory.Span[400..], float.NaN);
            Assert.Equal(StagingVerdict.NotFinite, await update.AppendAsync(chunk.Memory));
        }

        Assert.Equal((Bytes, Bytes), (area.FreeMemory, area.FreeRoom));

        // Its array is the pool's again, and nothing is left in it.
        Assert.Equal(1, area.Pool.Free);
        Assert.Equal(-1, area.Pool.Rent(IBlockSink.BlockValues).AsSpan().IndexOfAnyExcept(0f));
    }

    [Fact]
    public void A_block_that_is_let_go_gives_its_memory_back_and_is_never_read_again()
    {
        var vector = Vector(1);
        var area = Area(inMemory: true);
        using (var update = Staged(area, vector.Digest))
        {
            update.Append(vector.AsBytes().Span);
            var blocks = (IStagedBlocks)update.Blocks;
            Assert.Equal(0, area.FreeMemory);
            blocks.LetGo(1);
            blocks.LetGo(1);
            Assert.Equal((IBlockSink.BlockBytes, 0), (area.FreeMemory, area.FreeRoom));
            Assert.Throws<InvalidOperationException>(() => blocks.Read(0, 2, (_, _) => { }));
            blocks.Read(2, 3, (start, values) => Assert.Equal(vector.Span[(2 * IBlockSink.BlockValues)..], values));
        }

        Assert.Equal((Bytes, Bytes), (area.FreeMemory, area.FreeRoom));
    }

    [Theory]
    [InlineData("bf16", "none", true)]
    [InlineData("int8", "none", false)]
    [InlineData("int8", "lz4", true)]
    public async Task An_encoded_update_is_staged_as_the_values_that_it_stands_for(string encoding, string compression, bool inMemory)
    {
        // Half of it zeros, so that there is something to compress.
        var values = Vector(1).Span.ToArray();
        values.AsSpan(0, Values / 2).Clear();
        var encoded = ErrorFeedback.Encode(new([.. values]), null, new TransferPlan { Update = encoding, Compression = compression });
        var bytes = encoded.Bytes.Span;
        using var update = new StagedUpdate(ContentDigest.Of(bytes), 3, Bytes, Area(inMemory).TryOpen(Bytes)!, encoded.Format);
        for (var at = 0; at < bytes.Length;)
        {
            var piece = bytes[at..Math.Min(bytes.Length, at + 700_001)];
            at += piece.Length;
            Assert.Equal(at < bytes.Length ? StagingVerdict.Partial : StagingVerdict.Complete, update.Append(piece));
            Assert.Equal(at, update.Held);
        }

        ParameterVector arrived = new([.. values.Zip(encoded.Residual!.Span.ToArray(), (value, lost) => value - lost)]);
        Assert.Equal(Mean(arrived, Vector(2)), await MeanAsync(update, Vector(2)));
    }

    [Fact]
    public async Task An_update_that_goes_elsewhere_is_flushed_before_much_of_it_waits()
    {
        // Zeros, of which one byte stands for a thousand.
        var vector = ParameterVector.Zeros(64 * IBlockSink.BlockValues);
        var encoded = ErrorFeedback.Encode(vector, null, new TransferPlan { Update = "int8", Compression = "lz4" });
        Assert.InRange(encoded.Bytes.Length, 1, 1 << 20);
        var far = new FarBlocks();
        using var update = new StagedUpdate(ContentDigest.Of(encoded.Bytes.Span), 3, vector.ByteLength, far, encoded.Format);
        Assert.Equal(StagingVerdict.Complete, await update.AppendAsync(encoded.Bytes));
        Assert.Equal(64, far.Flushed);
        Assert.InRange(far.MostWaiting, 1, 17);
    }

    [Fact]
    public async Task An_update_of_which_something_could_not_be_brought_where_it_stays_is_never_complete()
    {
        var vector = Vector(1);
        var far = new FarBlocks();
        using var update = new StagedUpdate(vector.Digest, 3, Bytes, far);
        Assert.Equal(StagingVerdict.Partial, await update.AppendAsync(vector.AsBytes()[..^4]));
        far.Verdict = StagingVerdict.Busy;
        Assert.Equal(StagingVerdict.Busy, await update.AppendAsync(vector.AsBytes()[^4..]));
        far.Verdict = StagingVerdict.Partial;
        Assert.False(update.IsComplete);
        Assert.Equal(StagingVerdict.Busy, await update.AppendAsync(Array.Empty<byte>()));
    }

    [Fact]
    public void Bytes_that_are_not_what_they_claim_are_refused()
    {
        var encoded = ErrorFeedback.Encode(ParameterVector.Zeros(Values), null, new TransferPlan { Update = "int8", Compression = "lz4" });
        var broken = encoded.Bytes.ToArray();
        broken[0] ^= 0xFF;
        Assert.Equal(StagingVerdict.Malformed, Append(broken, encoded.Format));
        Assert.Equal(StagingVerdict.WrongDigest, Append(encoded.Bytes.ToArray(), encoded.Format, ContentDigest.Of([1])));
        Assert.Equal(StagingVerdict.Malformed, Append([.. encoded.Bytes.Span, 1], encoded.Format));

        var plain = ErrorFeedback.Encode(Vector(1), null, new TransferPlan { Update = "int8" });
        Assert.Equal(StagingVerdict.WrongLength, Append([.. plain.Bytes.Span, 1], plain.Format));
        var spoilt = plain.Bytes.ToArray();
        BitConverter.TryWriteBytes(spoilt, float.NaN);
        Assert.Equal(StagingVerdict.NotFinite, Append(spoilt, plain.Format));

        StagingVerdict Append(byte[] bytes, UpdateFormat format, ContentDigest? digest = null)
        {
            using var update = new StagedUpdate(digest ?? ContentDigest.Of(bytes), 3, Bytes, Area(inMemory: true).TryOpen(Bytes)!, format);
            return update.Append(bytes);
        }
    }

    [Fact]
    public async Task What_is_let_go_while_a_chunk_is_being_taken_is_let_go_after_it()
    {
        var vector = Vector(1);
        using var blocks = new HeldBlocks();
        var update = new StagedUpdate(vector.Digest, 3, Bytes, blocks);
        var taken = update.AppendAsync(vector.AsBytes());
        Assert.True(blocks.IsEntered.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.False(update.Taking.IsCompleted);

        update.Dispose();
        Assert.False(blocks.IsDisposed.IsSet);
        blocks.GoesOn.Set();

        Assert.Equal(StagingVerdict.Complete, await taken);
        Assert.True(blocks.IsDisposed.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_scratch_file_has_no_name_and_holds_nothing_that_can_be_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Open files without a name are looked at under /proc.");
        var vector = Vector(1);
        using var update = Staged(Area(inMemory: false), vector.Digest);
        update.Append(vector.AsBytes().Span);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder, "*", SearchOption.AllDirectories));
        var open = Assert.Single(Directory.EnumerateFiles("/proc/self/fd"), link => TargetOf(link)?.Contains(_folder, StringComparison.Ordinal) == true);
        var onDisk = File.ReadAllBytes(open);
        Assert.Equal(Bytes, onDisk.Length);
        for (var at = 0; at < Values; at += 1000)
        {
            Assert.Equal(-1, onDisk.AsSpan().IndexOf(vector.AsBytes().Span.Slice(at * sizeof(float), 16)));
        }
    }

    /// <summary>What a link leads to; other tests of this process may have closed it since it was listed.</summary>
    private static string? TargetOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, false)?.FullName;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, IBlockSink.BlockValues)]
    [InlineData(2e15f, Values - 1)]
    [InlineData(-2e15f, IBlockSink.BlockValues - 1)]
    public void A_value_that_spoils_a_sum_is_found_in_any_block(float value, int at)
    {
        var values = Vector(1).Span.ToArray();
        values[at] = value;
        var vector = new ParameterVector(values);
        using var update = Staged(Area(inMemory: true), vector.Digest);

        Assert.Equal(StagingVerdict.NotFinite, update.Append(vector.AsBytes().Span));
    }

    [Theory]
    [InlineData(255f, StagingVerdict.Complete)]
    [InlineData(256f, StagingVerdict.NoDigit)]
    [InlineData(0.5f, StagingVerdict.NoDigit)]
    public void What_is_no_digit_of_a_statistic_is_found(float value, StagingVerdict verdict)
    {
        var values = new float[Values];
        values[^2] = value;
        var vector = new ParameterVector(values);
        using var update = new StagedUpdate(vector.Digest, 3, Bytes, Area(inMemory: true).TryOpen(Bytes)!) { AreDigits = true };

        Assert.Equal(verdict, update.Append(vector.AsBytes().Span));
    }

    [Theory]
    [InlineData(0, StagingVerdict.OutsideOwnPart)]
    [InlineData(99, StagingVerdict.OutsideOwnPart)]
    [InlineData(100, StagingVerdict.OutsideOwnPart)]
    [InlineData(100, StagingVerdict.Complete, 3)]
    [InlineData(101, StagingVerdict.Complete)]
    [InlineData(IBlockSink.BlockValues - 1, StagingVerdict.Complete)]
    [InlineData(IBlockSink.BlockValues + 9, StagingVerdict.Complete)]
    [InlineData(IBlockSink.BlockValues + 10, StagingVerdict.OutsideOwnPart)]
    [InlineData(Values - 1, StagingVerdict.OutsideOwnPart)]
    public void A_value_in_another_hospitals_part_and_a_weight_that_is_not_its_own_are_found(int at, StagingVerdict verdict, float value = 1)
    {
        var values = new float[Values];
        values[at] = value;
        var vector = new ParameterVector(values);
        using var update = new StagedUpdate(
            vector.Digest, 3, Bytes, Area(inMemory: true).TryOpen(Bytes)!, ownPart: new ModelPart(100, IBlockSink.BlockValues - 90));

        Assert.Equal(verdict, update.Append(vector.AsBytes().Span));
    }

    [Fact]
    public void Many_values_that_are_large_together_are_taken_as_long_as_none_is_alone()
    {
        var values = new float[Values];
        values.AsSpan().Fill(1e15f);
        values[^1] = -1e15f;
        var vector = new ParameterVector(values);
        using var update = Staged(Area(inMemory: true), vector.Digest);

        Assert.Equal(StagingVerdict.Complete, update.Append(vector.AsBytes().Span));
    }

    [Fact]
    public async Task Room_is_memory_then_scratch_then_none_and_comes_back()
    {
        // One and a half updates in memory, half a one in scratch.
        const long Half = IBlockSink.BlockBytes;
        var area = new StagingArea(memory: Bytes + Half, scratch: Bytes - Half, _folder);
        var (first, second) = (Staged(area, Vector(1).Digest), Staged(area, Vector(2).Digest));
        Assert.Null(area.TryOpen(Bytes));
        Assert.Equal(StagingVerdict.Complete, first.Append(Vector(1).AsBytes().Span));
        Assert.Equal((Half, Bytes - Half), (area.FreeMemory, area.FreeScratch));
        Assert.Equal(StagingVerdict.Complete, second.Append(Vector(2).AsBytes().Span));
        Assert.InRange(area.FreeMemory, 0, IBlockSink.BlockBytes);
        Assert.InRange(area.FreeScratch, -IBlockSink.BlockBytes, IBlockSink.BlockBytes);
        Assert.Equal(Mean(Vector(2), Vector(1)), await MeanAsync(second, Vector(1)));

        first.LetGo();
        first.Dispose();
        first.Dispose();
        second.Dispose();
        Assert.Equal((Bytes + Half, Bytes - Half, 2 * Bytes), (area.FreeMemory, area.FreeScratch, area.FreeRoom));
        Assert.Equal(3, area.Pool.Free);
    }

    [Fact]
    public void What_a_sum_takes_of_memory_sends_blocks_to_scratch_and_where_there_is_none_they_stay()
    {
        var area = new StagingArea(memory: 2 * Bytes, scratch: Bytes, _folder);
        area.TakeMemory(2 * Bytes);
        using (var update = Staged(area, Vector(1).Digest))
        {
            Assert.Equal(StagingVerdict.Complete, update.Append(Vector(1).AsBytes().Span));
            Assert.Equal((0, 0), (area.FreeMemory, area.FreeScratch));
        }

        area.GiveMemoryBack(2 * Bytes);
        Assert.Equal((2 * Bytes, Bytes), (area.FreeMemory, area.FreeScratch));

        area = new StagingArea(memory: Bytes, scratch: 0, _folder);
        area.TakeMemory(Bytes);
        using (var update = Staged(area, Vector(1).Digest))
        {
            Assert.Equal(StagingVerdict.Complete, update.Append(Vector(1).AsBytes().Span));
            Assert.Equal(-Bytes, area.FreeMemory);
        }

        Assert.Equal(0, area.FreeMemory);
    }

    [Fact]
    public void A_block_that_is_kept_for_the_next_holds_nothing_and_is_let_go_when_nobody_wants_it()
    {
        var time = new FakeTimeProvider();
        var pool = new BlockPool(new StagingBudget((2 * IBlockSink.BlockBytes) + 5), time);
        float[][] blocks = [pool.Rent(IBlockSink.BlockValues), pool.Rent(IBlockSink.BlockValues), pool.Rent(IBlockSink.BlockValues)];
        foreach (var block in blocks)
        {
            block.AsSpan().Fill(1);
            pool.Return(block);
            Assert.Equal(-1, block.AsSpan().IndexOfAnyExcept(0f));
        }

        Assert.Equal(2, pool.Free);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, pool.Free);

        // One of them is in use now and then.
        pool.Return(pool.Rent(IBlockSink.BlockValues));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, pool.Free);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, pool.Free);
    }

    [Fact]
    public async Task A_scratch_file_is_written_over_by_the_next_update_of_its_length_and_closed_when_none_comes()
    {
        var time = new FakeTimeProvider();
        var area = new StagingArea(memory: 0, scratch: 2 * Bytes, _folder, time);
        for (var round = 0; round < 3; round++)
        {
            var vector = Vector(round);
            using var update = Staged(area, vector.Digest);
            Assert.Equal(StagingVerdict.Complete, update.Append(vector.AsBytes().Span));
            Assert.Equal((0, Bytes), (area.KeptScratch, area.FreeScratch));
            Assert.Equal(Mean(vector, Vector(9)), await MeanAsync(update, Vector(9)));
        }

        Assert.Equal((Bytes, 2 * Bytes), (area.KeptScratch, area.FreeScratch));

        // Of another length: what is kept makes room.
        using (var blocks = area.TryOpen(Bytes - sizeof(float))!)
        {
            Fill(blocks, Values - 1);
            Assert.Equal(Bytes, area.KeptScratch);
            using var third = area.TryOpen(Bytes - (2 * sizeof(float)))!;
            Fill(third, Values - 2);
            Assert.Equal(0, area.KeptScratch);
        }

        Assert.InRange(area.KeptScratch, 1, 2 * Bytes);
        time.Advance(TimeSpan.FromMinutes(4));
        Assert.NotEqual(0, area.KeptScratch);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, area.KeptScratch);
    }

    [Fact]
    public void What_a_process_left_behind_is_deleted_and_a_folder_that_is_gone_is_no_room()
    {
        File.WriteAllText(Path.Combine(_folder, "left.scratch"), "left");
        var area = new StagingArea(memory: 0, scratch: Bytes, _folder);
        Assert.Empty(Directory.EnumerateFiles(_folder));

        Directory.Delete(_folder);
        using (var update = Staged(area, Vector(1).Digest))
        {
            Assert.ThrowsAny<IOException>(() => update.Append(Vector(1).AsBytes().Span));
        }

        Assert.Equal((Bytes, Bytes), (area.FreeScratch, area.FreeRoom));
        Directory.CreateDirectory(_folder);
    }

    private static void Fill(IStagedBlocks blocks, int values)
    {
        for (var left = values; left > 0; left -= IBlockSink.BlockValues)
        {
            var count = Math.Min(IBlockSink.BlockValues, left);
            blocks.Return(blocks.Keep(blocks.Rent(count), count)!);
        }
    }

    private static ParameterVector Vector(int seed)
    {
        var random = Randomness.SeededRandom.For("staged", seed);
        var values = new float[Values];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)(random.NextDouble() - 0.5);
        }

        return new(values);
    }

    private static StagedUpdate Staged(StagingArea area, ContentDigest digest) => new(digest, 3, Bytes, area.TryOpen(Bytes)!);

    private StagingArea Area(bool inMemory) => new(inMemory ? Bytes : 0, inMemory ? 0 : Bytes, _folder);

    private static byte[] Mean(ParameterVector update, ParameterVector other)
    {
        var accumulator = new WeightedMeanAccumulator(Values);
        accumulator.Fold(other.Span, 7);
        accumulator.Fold(update.Span, 3);
        return accumulator.Aggregate(Values).ToBytes();
    }

    private static async Task<byte[]> MeanAsync(StagedUpdate update, ParameterVector other)
    {
        var accumulator = new WeightedMeanAccumulator(Values);
        accumulator.Fold(other.Span, 7);

        // More blocks than one: on several threads, where there are.
        await BlockFold.AddAsync([((IStagedBlocks)update.Blocks, update.NumExamples)], accumulator, Values, BlockFold.NoneDone(Values), letsGo: false);
        Assert.Equal((2, 10L), (accumulator.Count, accumulator.TotalExamples));
        return accumulator.Aggregate(Values).ToBytes();
    }

    /// <summary>Counts what waits for a flush.</summary>
    private sealed class FarBlocks : IBlockSink
    {
        private int _waiting;

        public StagingVerdict Verdict { get; set; } = StagingVerdict.Partial;

        public int Flushed { get; private set; }

        public int MostWaiting { get; private set; }

        public bool IsHere => false;

        public float[]? Keep(float[] block, int values)
        {
            MostWaiting = Math.Max(MostWaiting, ++_waiting);
            return block;
        }

        public ValueTask<StagingVerdict> FlushAsync()
        {
            if (Verdict == StagingVerdict.Partial)
            {
                (Flushed, _waiting) = (Flushed + _waiting, 0);
            }

            return new(Verdict);
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Holds whoever brings a block.</summary>
    private sealed class HeldBlocks : IStagedBlocks
    {
        public ManualResetEventSlim IsEntered { get; } = new();

        public ManualResetEventSlim GoesOn { get; } = new();

        public ManualResetEventSlim IsDisposed { get; } = new();

        public float[]? Keep(float[] block, int values)
        {
            Assert.False(IsDisposed.IsSet);
            IsEntered.Set();
            Assert.True(GoesOn.Wait(TimeSpan.FromSeconds(30)));
            return block;
        }

        public void Read(int from, int to, Action<int, ReadOnlySpan<float>> read) => throw new NotSupportedException();

        public void LetGo(int number) => throw new NotSupportedException();

        public void Dispose() => IsDisposed.Set();
    }
}
