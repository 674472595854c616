using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace FederatedOrleans.Hospitals;

/// <summary>GET of a plan or a model by its digest, whole or one range of it. The digest is the ETag; whoever knows it has been given it.</summary>
internal static class BlobEndpoint
{
    public static async Task GetAsync(
        string digest, HttpContext context, IBlobStore blobs, HospitalPaces paces, DownloadTurns turns, CancellationToken cancellationToken)
    {
        var (response, hospital) = (context.Response, HospitalIdentity.Of(context).Hospital);
        if (!ContentDigest.TryParse(digest, out var wanted) || await blobs.OpenAsync(wanted, cancellationToken) is not { } stored)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await using var content = paces.Download(hospital, stored);
        var length = content.Length;
        var asked = context.Request.GetTypedHeaders();
        var tag = new EntityTagHeaderValue($"\"{wanted.Hex}\"");
        (response.Headers.ETag, response.Headers.AcceptRanges) = (tag.ToString(), "bytes");
        if (asked.IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var isOther = asked.IfRange is { } condition && condition.EntityTag?.Compare(tag, useStrongComparison: true) != true;
        var (from, end) = (isOther || length == 0 ? null : RangeOf(asked, length)) ?? (0, length);
        if (from >= end && length > 0)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = new ContentRangeHeaderValue(length).ToString();
            return;
        }

        if (end - from < length)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = new ContentRangeHeaderValue(from, end - 1, length).ToString();
        }

        (response.ContentType, response.ContentLength) = ("application/octet-stream", end - from);
        content.Position = from;
        try
        {
            var isPaced = paces.MaxBytesPerSecond is not null;
            await turns.SendAsync(hospital, content, end - from, isPaced, response.BodyWriter, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The hospital is gone, and goes on from what it has.
            context.Abort();
        }
    }

    /// <summary>Where the range that is asked for begins and ends; null where everything is, or several, which a server may answer whole.</summary>
    private static (long From, long End)? RangeOf(RequestHeaders asked, long length)
    {
        if (asked.Range is not { Ranges.Count: 1 } header || !header.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var range = header.Ranges.Single();
        return range.From is { } from
            ? (from, Math.Min(range.To ?? length, length - 1) + 1)
            : (Math.Max(length - range.To!.Value, 0), length);
    }
}
