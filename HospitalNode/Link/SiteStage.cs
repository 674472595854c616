namespace FederatedOrleans.Site.Link;

/// <summary>What the centre asks of this hospital now.</summary>
internal enum SiteStage
{
    /// <summary>Accept or decline.</summary>
    Invited,

    /// <summary>Accepted: wait.</summary>
    Wait,

    /// <summary>Train and upload, or upload what the outbox holds.</summary>
    Train,

    /// <summary>Evaluate a committed model.</summary>
    Evaluate,
}
