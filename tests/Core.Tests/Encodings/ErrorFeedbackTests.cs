using CsCheck;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Encodings;

/// <summary>What lossy encodings lose is made good later.</summary>
public sealed class ErrorFeedbackTests
{
    private const int Length = 300;
    private const int Rounds = 40;

    public static TheoryData<string> Lossy => ["bf16", "int8"];

    [Theory]
    [MemberData(nameof(Lossy))]
    public void The_sum_of_what_travelled_follows_the_sum_of_the_updates_within_one_step(string name) => Gen.Float[-1, 1].Array[Length].Sample(
        update =>
        {
            var (travelled, without) = (new double[Length], new double[Length]);
            ParameterVector? residual = null;
            for (var round = 0; round < Rounds; round++)
            {
                var encoded = ErrorFeedback.Encode(new([.. update]), residual, new TransferPlan { Update = name });
                residual = encoded.Residual;
                Add(travelled, encoded);
                Add(without, ErrorFeedback.Encode(new([.. update]), null, new TransferPlan { Update = name }));
            }

            // One step of int8 at values up to 1 and what was carried over; of bf16 less than that. Sums in float32 lose their share.
            var step = 1.1 / 127;
            for (var i = 0; i < Length; i++)
            {
                Assert.InRange(Math.Abs(travelled[i] - ((double)update[i] * Rounds)), 0, step + (Rounds * 1e-6));
            }

            var (fed, plain) = (Off(travelled, update), Off(without, update));
            Assert.True(fed * 4 < plain, $"off by {fed} with what was lost fed back, by {plain} without");
        },
        iter: 20);

    [Fact]
    public void Lossless_updates_are_their_own_bytes_and_leave_nothing()
    {
        var update = new ParameterVector([1f, -2f, float.Epsilon]);
        var encoded = ErrorFeedback.Encode(update, null, new TransferPlan());

        Assert.Equal((UpdateFormat.Raw, null), (encoded.Format, encoded.Residual));
        Assert.Equal(update.ToBytes(), encoded.Bytes.ToArray());
    }

    [Fact]
    public void Parts_and_their_residual_are_those_of_the_whole()
    {
        // More than the part that is encoded at once, and no multiple of a block.
        var values = Enumerable.Range(0, 20_011).Select(i => MathF.Sin(i)).ToArray();
        var encoded = ErrorFeedback.Encode(new([.. values]), null, new TransferPlan { Update = "int8" });
        var (whole, back) = (new byte[encoded.Bytes.Length], new float[values.Length]);
        new Int8Encoding().Encode(values, whole);
        new Int8Encoding().Decode(whole, back);

        Assert.Equal(whole, encoded.Bytes.ToArray());
        Assert.Equal(values.Zip(back, (value, kept) => value - kept), encoded.Residual!.Span.ToArray());
    }

    [Fact]
    public void A_residual_of_another_model_is_an_error() => Assert.Throws<ArgumentException>(() =>
        ErrorFeedback.Encode(ParameterVector.Zeros(3), ParameterVector.Zeros(2), new TransferPlan { Update = "int8" }));

    private static void Add(double[] sum, EncodedUpdate encoded)
    {
        var decoded = new List<float>();
        Assert.True(new UpdateDecoder(encoded.Format, Length).TryDecode(encoded.Bytes.Span, values => decoded.AddRange(values)));
        for (var i = 0; i < Length; i++)
        {
            sum[i] += decoded[i];
        }
    }

    private static double Off(double[] sum, float[] update) => sum.Zip(update, (all, one) => Math.Abs(all - ((double)one * Rounds))).Sum();
}
