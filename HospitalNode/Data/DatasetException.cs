using System.Collections.Immutable;

namespace FederatedOrleans.Data;

/// <summary>A dataset, or its description, cannot be used. Every reason is there at once, in words, and none holds a value of the data.</summary>
/// <remarks>There is never an inner exception: a parser's own message may quote the line it failed at.</remarks>
internal class DatasetException : Exception
{
    public DatasetException(params ReadOnlySpan<string> faults)
        : base(string.Join(Environment.NewLine, faults)) => Faults = [.. faults];

    /// <summary>The reasons, a sentence each.</summary>
    public ImmutableArray<string> Faults { get; }
}
