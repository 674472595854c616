using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Link;

/// <summary>A dataset as it is shown to the centre.</summary>
/// <param name="Name">Dataset id.</param>
/// <param name="SchemaDigest">Digest of its schema.</param>
/// <param name="RowCountBucket">0, 10, 100, 1000, ...: that many rows or fewer.</param>
internal sealed record OfferedDataset(string Name, ContentDigest SchemaDigest, long RowCountBucket)
{
    /// <summary>The bucket of a row count.</summary>
    public static long BucketOf(long rows)
    {
        var bucket = rows == 0 ? 0L : 10L;
        while (bucket < rows)
        {
            bucket *= 10;
        }

        return bucket;
    }
}
