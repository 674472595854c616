using Microsoft.AspNetCore.Http.Metadata;

namespace FederatedOrleans.Hospitals;

/// <summary>An update may be as large as its model: the aggregator, not the server, stops a body that is longer.</summary>
internal sealed class DisableRequestSizeLimitMetadata : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => null;
}
