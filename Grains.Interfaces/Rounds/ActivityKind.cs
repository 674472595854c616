namespace FederatedOrleans.Rounds;

/// <summary>What a hospital does for an attempt.</summary>
[GenerateSerializer, Alias("fo.ActivityKind")]
public enum ActivityKind
{
    /// <summary>It has not said.</summary>
    Unknown = 0,

    /// <summary>Gets plan and model.</summary>
    Downloading = 1,

    /// <summary>Trains.</summary>
    Training = 2,

    /// <summary>Sends its update.</summary>
    Uploading = 3,

    /// <summary>Waits until its machine is free for it.</summary>
    Paused = 4,
}
