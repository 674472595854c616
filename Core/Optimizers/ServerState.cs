using System.Text.Json.Serialization;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Optimizers;

/// <summary>What the centre keeps of a run beside the model from one round to the next: blobs by digest, committed with the model.</summary>
/// <remarks>A round that is abandoned or aggregated anew begins from the same state as before: nothing in it is ever changed in place.</remarks>
[GenerateSerializer, Immutable, Alias("fo.ServerState")]
public sealed record ServerState
{
    /// <summary>The server optimizer's moments, one after the other, as raw little-endian float32; none where it keeps none.</summary>
    [Id(0)] public ContentDigest Moments { get; init; }

    /// <summary>SCAFFOLD's control variate c, as long as the model, as raw little-endian float32; none where the plan has none.</summary>
    [Id(1)] public ContentDigest Control { get; init; }

    /// <summary>Training rows of each hospital that has given an update, JSON: what c is the mean over. None where there is no c.</summary>
    [Id(2)] public ContentDigest Contributors { get; init; }

    /// <summary>
    /// What the statistics round has committed, by which hospitals preprocess; none where the plan has no preprocessing, also not in the text, whose bytes
    /// are of every version of the program.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Id(3)] public ContentDigest Statistics { get; init; }
}
