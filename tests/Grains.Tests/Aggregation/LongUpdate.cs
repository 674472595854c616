namespace FederatedOrleans.Aggregation;

/// <summary>Updates of several blocks.</summary>
internal static class LongUpdate
{
    /// <summary>An update that differs from those of other numbers in every value.</summary>
    public static float[] Of(int number, int parameters)
    {
        var values = new float[parameters];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = ((index % 977) - 488.3f) / (number + 3);
        }

        return values;
    }
}
