namespace FederatedOrleans.Optimizers;

/// <summary>That the parts an optimizer is given belong together.</summary>
internal static class PartLengths
{
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void Require(IServerOptimizer optimizer, ReadOnlySpan<float> model, ReadOnlySpan<float> aggregate, ReadOnlySpan<float> moments)
    {
        if (model.Length != aggregate.Length)
        {
            throw new ArgumentException($"The aggregate has {aggregate.Length:N0} parameters, the model {model.Length:N0}.", nameof(aggregate));
        }

        if (moments.Length != optimizer.Moments * (long)model.Length)
        {
            throw new ArgumentException(
                $"{optimizer.Name} keeps {optimizer.Moments} moments, which for {model.Length:N0} parameters are not {moments.Length:N0} values.", nameof(moments));
        }
    }

    /// <exception cref="ArgumentException">They do not.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such moment.</exception>
    public static void Require(IServerOptimizer optimizer, int moment, ReadOnlySpan<float> aggregate, ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(moment);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(moment, optimizer.Moments);
        if (aggregate.Length != values.Length)
        {
            throw new ArgumentException($"The aggregate has {aggregate.Length:N0} parameters, the moment {values.Length:N0}.", nameof(values));
        }
    }
}
