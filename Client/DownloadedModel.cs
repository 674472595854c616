using FederatedOrleans.Runs;

namespace FederatedOrleans.Client;

/// <summary>A committed model whose bytes have the digest that its description names.</summary>
/// <param name="Description">Version, digest, plan and lineage.</param>
/// <param name="Payload">The parameters, raw little-endian float32.</param>
public sealed record DownloadedModel(ModelDescription Description, ReadOnlyMemory<byte> Payload);
