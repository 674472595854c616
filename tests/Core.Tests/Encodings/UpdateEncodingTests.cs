using CsCheck;

namespace FederatedOrleans.Encodings;

/// <summary>What encodings keep of a value, and to which bytes.</summary>
public sealed class UpdateEncodingTests
{
    // From values that vanish to values that are just taken, of both signs, and zeros; blocks that are whole, short and single.
    private static readonly Gen<float[]> Updates = Gen.Select(Gen.Double[-30, 20], Gen.Double[-1, 1], Gen.Int[0, 9])
        .Select((exponent, sign, zero) => zero == 0 ? 0f : (float)(sign * Math.Pow(10, exponent)))
        .Array[0, 600];

    public static TheoryData<string> Names => [.. UpdateEncodings.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_values_give_the_same_bytes_and_a_part_those_of_the_whole(string name) => Updates.Sample(values =>
    {
        var encoding = UpdateEncodings.For(name);
        var whole = Encode(encoding, values);
        Assert.Equal(whole, Encode(encoding, values));
        var parts = values.Chunk(IUpdateEncoding.BlockValues).SelectMany(block => Encode(encoding, block));
        Assert.Equal(whole, parts);
    });

    [Fact]
    public void Float32_keeps_every_bit() => Updates.Sample(values =>
        Assert.Equal(Bits(values), Bits(RoundTrip(Float32Encoding.PolicyName, values))));

    [Fact]
    public void Bf16_is_off_by_less_than_2_to_the_minus_8_of_a_value() => Updates.Sample(values =>
    {
        foreach (var (value, back) in values.Zip(RoundTrip(BFloat16Encoding.PolicyName, values)))
        {
            // Below float32's normal range a place is 2^-133.
            Assert.True(Math.Abs((double)value - back) <= (Math.Abs(value) / 256.0) + 4.7e-41, $"{value:R} came back as {back:R}");
        }
    });

    [Fact]
    public void Int8_is_off_by_no_more_than_half_its_blocks_scale() => Updates.Sample(values =>
    {
        var back = RoundTrip(Int8Encoding.PolicyName, values);
        foreach (var (block, blockBack) in values.Chunk(IUpdateEncoding.BlockValues).Zip(back.Chunk(IUpdateEncoding.BlockValues)))
        {
            var scale = block.Max(MathF.Abs) / 127.0;
            foreach (var (value, valueBack) in block.Zip(blockBack))
            {
                // The scale itself and x / scale are rounded to float32; a block below the normal range is all zeros.
                Assert.True(Math.Abs((double)value - valueBack) <= (scale * (0.5 + 1e-4)) + 1.6e-36, $"{value:R} came back as {valueBack:R}");
            }
        }
    });

    [Theory]
    [InlineData(0x3F80_0000u, 0x3F80)]
    [InlineData(0x3F80_8000u, 0x3F80)]
    [InlineData(0x3F80_8001u, 0x3F81)]
    [InlineData(0x3F81_8000u, 0x3F82)]
    [InlineData(0xBF81_7FFFu, 0xBF81)]
    [InlineData(0x8000_0000u, 0x8000)]
    [InlineData(0x0000_0001u, 0x0000)]
    [InlineData(0x7F7F_FFFFu, 0x7F80)]
    [InlineData(0x7F80_0000u, 0x7F80)]
    [InlineData(0xFF80_0000u, 0xFF80)]
    [InlineData(0x7F80_0001u, 0x7FC0)]
    [InlineData(0xFFFF_FFFFu, 0xFFC0)]
    public void Bf16_rounds_to_nearest_even_and_keeps_what_is_not_finite(uint bits, int expected)
    {
        var encoded = Encode(UpdateEncodings.For(BFloat16Encoding.PolicyName), [BitConverter.UInt32BitsToSingle(bits)]);
        Assert.Equal([(byte)expected, (byte)(expected >> 8)], encoded);
    }

    [Fact]
    public void Int8_bytes_are_a_scale_and_steps_that_round_half_to_even()
    {
        // Largest 254: scale 2, in float32 00 00 00 40.
        var encoded = Encode(UpdateEncodings.For(Int8Encoding.PolicyName), [254f, -254f, 1f, 3f, -5f, 0f]);
        Assert.Equal([0, 0, 0, 0x40, 127, unchecked((byte)-127), 0, 2, unchecked((byte)-2), 0], encoded);
        Assert.Equal([254f, -254f, 0f, 4f, -4f, 0f], Decode(UpdateEncodings.For(Int8Encoding.PolicyName), encoded, 6));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Int8_does_not_hide_a_value_that_is_not_finite(float value) => Assert.Contains(
        RoundTrip(Int8Encoding.PolicyName, [1f, value, 2f]), back => !float.IsFinite(back));

    [Theory]
    [InlineData("float32", 257, 1028)]
    [InlineData("bf16", 257, 514)]
    [InlineData("int8", 0, 0)]
    [InlineData("int8", 1, 5)]
    [InlineData("int8", 256, 260)]
    [InlineData("int8", 257, 265)]
    [InlineData("int8", 250_000_000, 253_906_252)]
    public void Lengths_are_known_before(string name, long values, long bytes) => Assert.Equal(bytes, UpdateEncodings.For(name).EncodedLength(values));

    [Theory]
    [InlineData(null, "float32", false)]
    [InlineData("int8", "int8", false)]
    [InlineData("bf16+lz4", "bf16", true)]
    public void Tags_are_read(string? tag, string encoding, bool isCompressed)
    {
        var format = UpdateFormat.Parse(tag);
        Assert.Equal(new UpdateFormat(encoding, isCompressed), format);
        Assert.Equal(tag ?? "float32", format!.Tag);
    }

    [Theory]
    [InlineData("int4")]
    [InlineData("+lz4")]
    [InlineData("int8+zip")]
    [InlineData("INT8")]
    public void Other_tags_are_unknown(string tag) => Assert.Null(UpdateFormat.Parse(tag));

    private static uint[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToUInt32Bits)];

    private static float[] RoundTrip(string name, float[] values) =>
        Decode(UpdateEncodings.For(name), Encode(UpdateEncodings.For(name), values), values.Length);

    private static byte[] Encode(IUpdateEncoding encoding, float[] values)
    {
        var encoded = new byte[encoding.EncodedLength(values.Length)];
        encoding.Encode(values, encoded);
        return encoded;
    }

    private static float[] Decode(IUpdateEncoding encoding, byte[] encoded, int length)
    {
        var values = new float[length];
        encoding.Decode(encoded, values);
        return values;
    }
}
