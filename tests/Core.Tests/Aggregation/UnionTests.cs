using CsCheck;
using FederatedOrleans.Models;

namespace FederatedOrleans.Aggregation;

/// <summary>Parts of hospitals side by side.</summary>
public sealed class UnionTests
{
    [Fact]
    public void What_each_hospital_sent_is_in_the_model_to_the_bit_however_they_are_grouped() =>
        Gen.Select(Gen.Float.Where(float.IsFinite).Array[1, 9], Gen.Int[1, 6], Gen.Int[1, 4]).Sample((values, hospitals, groupSize) =>
        {
            (string, ParameterVector, long)[] updates =
            [
                .. Enumerable.Range(0, hospitals).Select(hospital =>
                {
                    var update = new float[values.Length * hospitals];
                    values.CopyTo(update, hospital * values.Length);
                    return ($"h-{hospital}", new ParameterVector(update), 10L + hospital);
                }),
            ];
            float[] expected = [.. Enumerable.Repeat(values, hospitals).SelectMany(part => part)];

            // -0 is 0: x + 0 of what was 0 before.
            Assert.Equal(expected, new Union().Aggregate(updates).Span.ToArray());
            Assert.Equal(expected, new Union().AggregateGroups(updates.Chunk(groupSize), expected.Length).Span.ToArray());
        });
}
