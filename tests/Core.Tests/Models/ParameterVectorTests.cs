using System.Globalization;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Models;

public sealed class ParameterVectorTests
{
    [Fact]
    public void Payload_is_little_endian_float32()
    {
        var vector = new ParameterVector([1f, -2f]);

        Assert.Equal(new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0 }, vector.ToBytes());
        Assert.Equal(ContentDigest.Of(vector.ToBytes()), vector.Digest);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8193)]
    public void Payload_round_trips(int length)
    {
        var vector = new ParameterVector([.. Enumerable.Range(0, length).Select(number => number * 0.1f)]);

        Assert.Equal(vector.Span.ToArray(), ParameterVector.FromBytes(vector.ToBytes()).Span.ToArray());
        Assert.Equal(length * 4L, vector.ByteLength);
    }

    [Fact]
    public void A_payload_cut_off_within_a_value_is_refused() => Assert.Throws<ArgumentException>(() => ParameterVector.FromBytes(new byte[7]));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void One_value_that_is_not_finite_is_seen_anywhere(float value)
    {
        for (var place = 0; place < 67; place++)
        {
            var values = new float[67];
            Assert.True(new ParameterVector(values).IsFinite);
            values[place] = value;
            Assert.False(new ParameterVector(values).IsFinite);
        }
    }

    [Fact]
    public void An_empty_vector_is_finite_with_norm_zero() => Assert.Equal((true, 0.0), (ParameterVector.Zeros(0).IsFinite, ParameterVector.Zeros(0).Norm()));

    [Fact]
    public void Norm_is_euclidean_and_does_not_overflow()
    {
        Assert.Equal(5, new ParameterVector([3, 0, 0, 0, 4]).Norm(), 12);
        Assert.Equal(2e38, new ParameterVector([1e38f, 1e38f, 1e38f, 1e38f]).Norm(), 2e31);
    }

    [Fact]
    public void Text_holds_no_value() => Assert.Equal("2 parameters", new ParameterVector([0.123f, 4]).ToString());

    [Fact]
    public void A_buffer_becomes_the_vector_of_the_bytes_that_filled_it_and_is_spent()
    {
        var vector = new ParameterVector([1f, -2f, float.MaxValue]);
        var buffer = new ParameterBuffer(3);
        vector.AsBytes().CopyTo(buffer.Payload);
        var filled = buffer.ToVector();

        Assert.Equal(vector.Span, filled.Span);
        Assert.Equal(vector.ToBytes(), vector.AsBytes().ToArray());
        Assert.Throws<InvalidOperationException>(() => buffer.Payload);
        Assert.Throws<InvalidOperationException>(buffer.ToVector);
    }
}
