namespace FederatedOrleans.Site.Link;

/// <summary>How an upload ended.</summary>
internal enum UploadVerdict
{
    /// <summary>The update counts.</summary>
    Counted,

    /// <summary>Another epoch is current.</summary>
    Stale,

    /// <summary>The centre has no room now.</summary>
    Busy,

    /// <summary>Refused for good in this attempt.</summary>
    Refused,
}
