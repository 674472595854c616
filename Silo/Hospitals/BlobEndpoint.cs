using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;
using Microsoft.Net.Http.Headers;

namespace FederatedOrleans.Hospitals;

/// <summary>GET of a plan or a model by its digest, with ranges. The digest is the ETag; whoever knows it has been given it.</summary>
internal static class BlobEndpoint
{
    public static IResult Get(string digest, IBlobStore blobs)
    {
        if (!ContentDigest.TryParse(digest, out var wanted) || blobs.Open(wanted) is not { } stream)
        {
            return Results.NotFound();
        }

        return Results.Stream(
            stream, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{wanted.Hex}\""), enableRangeProcessing: true);
    }
}
