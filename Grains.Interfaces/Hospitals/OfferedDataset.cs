using FederatedOrleans.Identity;

namespace FederatedOrleans.Hospitals;

/// <summary>A dataset that a hospital offers, without telling how many rows it has.</summary>
/// <param name="Name">Dataset id.</param>
/// <param name="SchemaDigest">Digest of its schema.</param>
/// <param name="RowCountBucket">0, 10, 100, 1000, ...: that many rows or fewer.</param>
[GenerateSerializer, Immutable, Alias("fo.OfferedDataset")]
public sealed record OfferedDataset(
    [property: Id(0)] string Name, [property: Id(1)] ContentDigest SchemaDigest, [property: Id(2)] long RowCountBucket);
