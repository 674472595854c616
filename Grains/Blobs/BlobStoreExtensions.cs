using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CommunityToolkit.HighPerformance;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Blobs;

/// <summary>Reading of blobs, checked.</summary>
public static class BlobStoreExtensions
{
    private const int PartValues = 1 << 18;

    /// <summary>The whole content.</summary>
    /// <exception cref="FederationException">It is not there, or its bytes have another digest.</exception>
    public static async Task<byte[]> ReadAllAsync(this IBlobStore blobs, ContentDigest digest, CancellationToken cancellationToken = default)
    {
        await using var stream = await blobs.OpenAsync(digest, cancellationToken)
            ?? throw new FederationException($"The content {digest.Short} is missing from the store.");
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)stream.Length));
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return ContentDigest.Of(bytes) == digest
            ? bytes
            : throw new FederationException($"The content {digest.Short} is damaged in the store.");
    }

    /// <summary>A plan, which was whole when it was submitted.</summary>
    /// <exception cref="FederationException">It is not there, damaged, or none that this program can read.</exception>
    public static async Task<TrainingPlan> ReadPlanAsync(this IBlobStore blobs, ContentDigest digest, CancellationToken cancellationToken = default)
    {
        var (plan, faults) = TrainingPlanReader.Read(await blobs.ReadAllAsync(digest, cancellationToken));
        return plan ?? throw new FederationException($"The stored plan can't be read: {faults[0]}");
    }

    /// <summary>A model in parts, each of which is looked at while the next is on its way; it is never in memory whole.</summary>
    /// <param name="blobs">The store.</param>
    /// <param name="digest">The model.</param>
    /// <param name="length">Its number of parameters.</param>
    /// <param name="read">Takes the index of a part's first value, and the part. What it makes of them is worth nothing if this throws.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FederationException">It is not there, or its bytes have another digest.</exception>
    public static async Task ReadPartsAsync(
        this IBlobStore blobs, ContentDigest digest, int length, Action<int, ReadOnlySpan<float>> read, CancellationToken cancellationToken = default)
    {
        await using var stream = await blobs.OpenAsync(digest, cancellationToken) ?? throw new FederationException($"The content {digest.Short} is missing from the store.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var isWhole = stream.Length == (long)length * sizeof(float);
        var part = ArrayPool<float>.Shared.Rent(Math.Min(PartValues, Math.Max(length, 1)));
        try
        {
            for (var start = 0; isWhole && start < length; start += PartValues)
            {
                var values = part.AsMemory(0, Math.Min(PartValues, length - start));
                await stream.ReadExactlyAsync(values.AsBytes(), cancellationToken);
                hash.AppendData(MemoryMarshal.AsBytes(values.Span));
                ParameterVector.ToMachineOrder(values.Span);
                read(start, values.Span);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(part);
        }

        if (!isWhole || ContentDigest.FromHash(hash.GetCurrentHash()) != digest)
        {
            throw new FederationException($"The content {digest.Short} is damaged in the store.");
        }
    }
}
