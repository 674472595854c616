using CsCheck;

namespace FederatedOrleans.Preprocessing;

/// <summary>Numbers whose sums are exact.</summary>
public sealed class FixedPointTests
{
    [Fact]
    public void The_sum_of_the_digits_is_the_sum_of_the_numbers() =>
        Gen.Double[-(1 << 30), 1 << 30].Array[1, 60].Sample(numbers =>
        {
            var sum = new float[FixedPoint.RealWidth];
            Int128 expected = 0;
            foreach (var number in numbers)
            {
                var digits = new float[FixedPoint.RealWidth];
                FixedPoint.Write(FixedPoint.OfReal(number), digits);
                Assert.True(FixedPoint.AreDigits(digits));
                Assert.Equal(FixedPoint.OfReal(number), FixedPoint.Read(digits));
                Assert.Equal(number, FixedPoint.ToReal(FixedPoint.OfReal(number)), 1e-12);
                expected += FixedPoint.OfReal(number);
                for (var digit = 0; digit < digits.Length; digit++)
                {
                    sum[digit] += digits[digit];
                }
            }

            Assert.Equal(expected, FixedPoint.Read(sum));
        });

    [Fact]
    public void So_many_hospitals_add_up_without_an_error()
    {
        var digits = new float[FixedPoint.CountWidth];
        FixedPoint.Write(uint.MaxValue, digits);
        Assert.All(digits, digit => Assert.Equal(255, digit));

        // What an aggregator does, once for each hospital.
        var sum = digits.Select(digit => Enumerable.Repeat(digit, FixedPoint.MostSummands).Aggregate((left, right) => left + right)).ToArray();
        Assert.Equal((Int128)uint.MaxValue * FixedPoint.MostSummands, FixedPoint.Read(sum));
    }

    [Theory]
    [InlineData(0.5f, false)]
    [InlineData(256f, false)]
    [InlineData(-255f, true)]
    [InlineData(float.NaN, false)]
    [InlineData(float.PositiveInfinity, false)]
    public void A_digit_is_whole_and_below_the_base(float value, bool isDigit) => Assert.Equal(isDigit, FixedPoint.AreDigits([0, value]));

    [Fact]
    public void What_has_more_digits_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedPoint.Write((Int128)1 << 32, new float[FixedPoint.CountWidth]));
}
