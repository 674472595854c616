using System.Collections.Immutable;

namespace FederatedOrleans.Centre;

/// <summary>A Silo that can't run: everything that is wrong, in words.</summary>
internal sealed class SiloConfigurationException(params ReadOnlySpan<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>The faults.</summary>
    public ImmutableArray<string> Faults { get; } = [.. faults];
}
