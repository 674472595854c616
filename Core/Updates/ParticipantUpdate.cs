using FederatedOrleans.Identity;

namespace FederatedOrleans.Updates;

/// <summary>What the centre holds of one hospital's update when it counts: never the values themselves.</summary>
/// <param name="Hospital">Hospital id.</param>
/// <param name="Digest">SHA-256 of the update's bytes as they travelled: raw little-endian float32, unless the plan encodes updates.</param>
/// <param name="NumExamples">Training rows behind it: its weight in the mean. At least 1.</param>
[GenerateSerializer, Immutable, Alias("fo.ParticipantUpdate")]
public sealed record ParticipantUpdate([property: Id(0)] string Hospital, [property: Id(1)] ContentDigest Digest, [property: Id(2)] long NumExamples);
