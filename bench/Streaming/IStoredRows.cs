using System.Text.Json.Nodes;

namespace FederatedOrleans.Bench.Streaming;

/// <summary>Rows made for the measurement, in a store of some kind.</summary>
internal interface IStoredRows : IAsyncDisposable
{
    /// <summary>Rows.</summary>
    int Count { get; }

    /// <summary>Inputs, named x0, x1 and so on; the label is <c>y</c>.</summary>
    int Columns { get; }

    /// <summary>The members of a description that say where the rows are.</summary>
    JsonObject Describe(string folder);

    /// <summary>How long it takes to read all numbers and do nothing with them.</summary>
    Task<TimeSpan> ReadAsync(CancellationToken cancellationToken);
}
