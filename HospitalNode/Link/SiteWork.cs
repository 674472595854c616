namespace FederatedOrleans.Site.Link;

/// <summary>What a training's job does now.</summary>
internal enum SiteWork
{
    /// <summary>Trains, or gets ready to.</summary>
    Training,

    /// <summary>Gets the model.</summary>
    Downloading,

    /// <summary>Sends its update.</summary>
    Uploading,

    /// <summary>Waits until its machine is free for it.</summary>
    Paused,
}
