using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;
using FederatedOrleans.Link.V1;
using Google.Protobuf;

namespace FederatedOrleans.Hospitals;

/// <summary>Sends short models along with what a hospital is told to do with them, once on each stream: it need not come and fetch them.</summary>
/// <remarks>Nothing depends on it: what does not come along, or is lost on the way, is downloaded.</remarks>
internal sealed class ToldModels(IBlobStore blobs)
{
    /// <summary>Longest model that comes along, in bytes; a larger one would hold up what is told after it on a slow line.</summary>
    public const int Longest = 16 * 1024;

    private const int MostInOneMessage = 4;
    private const int Remembered = 64;

    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);

    /// <summary>Adds models to what is about to be told.</summary>
    public async Task AddToAsync(NextAssignmentReply told, CancellationToken cancellationToken)
    {
        var added = 0;
        foreach (var assignment in told.Assignments)
        {
            if (assignment.Stage is not (Stage.Train or Stage.Evaluate) || _sent.Contains(assignment.ModelDigest) || added == MostInOneMessage)
            {
                continue;
            }

            if (_sent.Count >= Remembered)
            {
                _sent.Clear();
            }

            _sent.Add(assignment.ModelDigest);
            if (ContentDigest.TryParse(assignment.ModelDigest, out var digest) && await ReadAsync(digest, cancellationToken) is { } model)
            {
                assignment.Model = UnsafeByteOperations.UnsafeWrap(model);
                added++;
            }
        }
    }

    /// <summary>A short model, or null of a longer one, or where the store can't be read now.</summary>
    private async Task<byte[]?> ReadAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        try
        {
            await using var stored = await blobs.OpenAsync(digest, cancellationToken);
            if (stored is null || stored.Length > Longest)
            {
                return null;
            }

            var bytes = new byte[stored.Length];
            await stored.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // The store is away, or the model damaged in it: the hospital finds out when it downloads it.
            return null;
        }
    }
}
