using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;
using Microsoft.Net.Http.Headers;

namespace FederatedOrleans.Hospitals;

/// <summary>GET of a plan or a model by its digest, with ranges. The digest is the ETag; whoever knows it has been given it.</summary>
internal static class BlobEndpoint
{
    public static async Task<IResult> GetAsync(
        string digest, HttpContext context, IBlobStore blobs, HospitalPaces paces, CancellationToken cancellationToken)
    {
        if (!ContentDigest.TryParse(digest, out var wanted) || await blobs.OpenAsync(wanted, cancellationToken) is not { } stream)
        {
            return Results.NotFound();
        }

        return Results.Stream(
            paces.Download(HospitalIdentity.Of(context).Hospital, stream), "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{wanted.Hex}\""), enableRangeProcessing: true);
    }
}
