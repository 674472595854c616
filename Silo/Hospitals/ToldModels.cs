using FederatedOrleans.Identity;
using FederatedOrleans.Link.V1;
using Google.Protobuf;

namespace FederatedOrleans.Hospitals;

/// <summary>Sends short models along with what a hospital is told to do with them, once on each stream: it need not come and fetch them.</summary>
/// <remarks>
/// Nothing depends on it: what does not come along, or is lost on the way, is downloaded. A longer one would hold up what is told after it on
/// a slow line.
/// </remarks>
internal sealed class ToldModels(ShortModels models)
{
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
            if (ContentDigest.TryParse(assignment.ModelDigest, out var digest) && await models.ReadAsync(digest, cancellationToken) is { } model)
            {
                assignment.Model = UnsafeByteOperations.UnsafeWrap(model);
                added++;
            }
        }
    }
}
