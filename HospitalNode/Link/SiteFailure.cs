namespace FederatedOrleans.Site.Link;

/// <summary>Why this hospital can give no update. Only the code leaves the site.</summary>
internal enum SiteFailure
{
    /// <summary>Training diverged.</summary>
    Diverged,

    /// <summary>The data can't be read as described.</summary>
    DataFaulty,

    /// <summary>Anything else; the node's log tells.</summary>
    Internal,
}
