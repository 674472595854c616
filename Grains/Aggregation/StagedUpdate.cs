using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FederatedOrleans.Identity;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>One hospital's update as it arrives, in memory.</summary>
internal sealed class StagedUpdate(ContentDigest digest, long numExamples, int byteLength) : IDisposable
{
    // With 10^9 rows of each of 10^5 hospitals the sum stays below float32's largest value, 3.4 x 10^38.
    private const float LargestValue = 1e20f;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly float[] _values = GC.AllocateUninitializedArray<float>(byteLength / sizeof(float));

    public ContentDigest Digest => digest;

    public long NumExamples => numExamples;

    public int ByteLength => byteLength;

    public long Held { get; private set; }

    public bool IsComplete { get; private set; }

    public ReadOnlySpan<float> Values => _values;

    public ParticipantUpdate As(string hospital) => new(hospital, digest, numExamples);

    /// <summary>Takes a chunk that begins where the held bytes end; the last one is followed by every check.</summary>
    public StagingVerdict Append(ReadOnlySpan<byte> chunk)
    {
        if (Held + chunk.Length > byteLength)
        {
            return StagingVerdict.WrongLength;
        }

        chunk.CopyTo(MemoryMarshal.AsBytes(_values.AsSpan())[(int)Held..]);
        _hash.AppendData(chunk);
        Held += chunk.Length;
        if (Held < byteLength)
        {
            return StagingVerdict.Partial;
        }

        if (ContentDigest.FromHash(_hash.GetCurrentHash()) != digest)
        {
            return StagingVerdict.WrongDigest;
        }

        if (!TensorPrimitives.IsFiniteAll<float>(_values) || Math.Abs(TensorPrimitives.MaxMagnitude<float>(_values)) > LargestValue)
        {
            return StagingVerdict.NotFinite;
        }

        IsComplete = true;
        return StagingVerdict.Complete;
    }

    public void Dispose() => _hash.Dispose();
}
