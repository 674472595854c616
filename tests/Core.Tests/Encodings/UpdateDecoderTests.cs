using CsCheck;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Encodings;

/// <summary>Updates that arrive in pieces, whole and broken.</summary>
public sealed class UpdateDecoderTests
{
    // Several LZ4 frames, and a last block that is short.
    private const int Values = 50_123;

    public static TheoryData<string, bool> Formats
    {
        get
        {
            var formats = new TheoryData<string, bool>();
            foreach (var name in UpdateEncodings.Names)
            {
                formats.Add(name, false);
                formats.Add(name, true);
            }

            return formats;
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Any_pieces_give_the_values_of_the_whole(string name, bool isCompressed) => Gen.Int[1, 90_000].Array[1, 5].Sample(
        pieces =>
        {
            var update = Encoded(name, isCompressed);
            Assert.Equal(isCompressed, update.Format.IsCompressed);
            var decoder = new UpdateDecoder(update.Format, Values);
            var decoded = new List<float>();
            var bytes = update.Bytes.Span;
            for (var (at, next) = (0, 0); at < bytes.Length; next++)
            {
                var piece = bytes[at..Math.Min(bytes.Length, at + pieces[next % pieces.Length])];
                at += piece.Length;
                Assert.True(decoder.TryDecode(piece, values => decoded.AddRange(values)));
                Assert.True(at == bytes.Length ? decoded.Count == Values : decoded.Count < Values);
            }

            var expected = Vector().Span.ToArray();
            if (update.Residual is { } lost)
            {
                // What arrives is what was not lost, to the last bit.
                expected = [.. expected.Zip(lost.Span.ToArray(), (value, part) => value - part)];
            }

            Assert.Equal(expected.Length, decoded.Count);
            Assert.All(expected.Zip(decoded), pair => Assert.Equal(pair.First, pair.Second, 1e-9f));
            Assert.False(decoder.TryDecode([0], _ => { }));
        },
        iter: 10);

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_byte_too_many_is_refused(string name, bool isCompressed)
    {
        var update = Encoded(name, isCompressed);
        var decoder = new UpdateDecoder(update.Format, Values);
        Assert.False(decoder.TryDecode([.. update.Bytes.Span, 7], _ => { }));
    }

    [Fact]
    public void Broken_frames_are_refused_or_decoded_to_no_more_values_than_there_are()
    {
        var update = Encoded(Int8Encoding.PolicyName, isCompressed: true);
        Gen.Select(Gen.Int[0, update.Bytes.Length - 1], Gen.Byte).Array[1, 20].Sample(changes =>
        {
            var bytes = update.Bytes.ToArray();
            foreach (var (at, value) in changes)
            {
                bytes[at] = value;
            }

            var count = 0;
            new UpdateDecoder(update.Format, Values).TryDecode(bytes, values => count += values.Length);
            Assert.InRange(count, 0, Values);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(Lz4Frames.FrameBytes + 1)]
    [InlineData(int.MaxValue)]
    public void A_frame_that_claims_another_length_is_refused_at_once(int length)
    {
        var decoder = new UpdateDecoder(new(Float32Encoding.PolicyName, IsCompressed: true), Values);
        Assert.False(decoder.TryDecode(BitConverter.GetBytes(length), _ => Assert.Fail("Nothing can be decoded.")));
    }

    [Fact]
    public void A_frame_that_stands_for_more_than_the_update_has_is_refused()
    {
        var large = Lz4Frames.Compress(new byte[1000])!;
        var decoder = new UpdateDecoder(new(Float32Encoding.PolicyName, IsCompressed: true), 100);
        Assert.False(decoder.TryDecode(large, _ => Assert.Fail("Nothing can be decoded.")));
    }

    [Fact]
    public void What_does_not_become_smaller_is_not_compressed()
    {
        var random = SeededRandom.For("noise", 1);
        byte[] noise = [.. Enumerable.Range(0, 100_000).Select(_ => (byte)(random.NextDouble() * 256))];

        Assert.Null(Lz4Frames.Compress(noise));
        Assert.Null(Lz4Frames.Compress([1, 2, 3]));
        Assert.Null(Lz4Frames.Compress([]));
        Assert.InRange(Lz4Frames.Compress(new byte[100_000])!.Length, 1, 1_000);

        // A frame of noise among others is kept as it is.
        byte[] mixed = [.. new byte[Lz4Frames.FrameBytes], .. noise];
        var compressed = Lz4Frames.Compress(mixed)!;
        Assert.InRange(compressed.Length, noise.Length, noise.Length + 1_000);
        var decoded = new List<float>();
        var decoder = new UpdateDecoder(new(Float32Encoding.PolicyName, IsCompressed: true), mixed.Length / sizeof(float));
        Assert.True(decoder.TryDecode(compressed, values => decoded.AddRange(values)));
        Assert.Equal(mixed, new ParameterVector([.. decoded]).ToBytes());
    }

    private static EncodedUpdate Encoded(string name, bool isCompressed) => ErrorFeedback.Encode(
        Vector(), null, new TransferPlan { Update = name, Compression = isCompressed ? Compressions.Lz4 : Compressions.None });

    private static ParameterVector Vector()
    {
        var random = SeededRandom.For("decoder", 1);
        var values = new float[Values];
        for (var i = 0; i < values.Length; i++)
        {
            // Runs of zeros, so that there is something to compress.
            values[i] = i / 500 % 2 == 0 ? 0 : (float)(random.NextDouble() - 0.5);
        }

        return new(values);
    }
}
